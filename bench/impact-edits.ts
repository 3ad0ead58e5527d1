import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Kind = (text: string, run: number) => string;

/** What people do to a model: words about it, another filter, another input. */
const kinds: readonly Kind[] = [
  (text) => `${text}-- seen\n`,
  (text, run) => text.replace('amount > 0', `amount > ${run + 20}`),
  (text, run) => text.replace(/ref\('model_\d+'\)/, `ref('model_${run % 40}')`),
];

/** Edits one model of an estate at a time, each time another one and in another way; the one before is as it was again. */
export function modelEdits(estate: string, models: number): (run: number) => void {
  let before: { file: string; text: string } | null = null;
  return (run) => {
    if (before !== null) writeFileSync(before.file, before.text);
    const model = 100 + ((run * 57) % (models - 150));
    const file = join(estate, `dbt/shop/models/area_${Math.floor(model / 50)}/model_${model}.sql`);
    const text = readFileSync(file, 'utf8');
    before = { file, text };
    writeFileSync(file, kinds[run % kinds.length]?.(text, run) ?? text);
  };
}
