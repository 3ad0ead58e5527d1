import { type AssetKey, assetKey } from '../../../model/identifiers.ts';
import { normalFolder } from '../../../model/path-schema.ts';
import { pathsInside } from '../../../model/paths-inside.ts';
import type { PartRevision } from '../../contract.ts';
import { SnowflakePart } from '../config.ts';
import { type Statement, statementsIn } from './statements.ts';

/** A statement that creates or alters an object: `rest` are the words behind its name, `type` what it makes. */
export type ObjectStatement = {
  does: 'create' | 'alter';
  type: string;
  modifiers: string[];
  rest: string[];
  text: string;
};

/** What the scripts say of each object, in order; `touching`: other statements that name it, as words. */
export type ScriptObject = { own: ObjectStatement[]; touching: string[] };

const types = ['table', 'view'];
const modifiers = [
  'or',
  'replace',
  'alter',
  'secure',
  'transient',
  'external',
  'dynamic',
  'iceberg',
  'hybrid',
  'event',
  'recursive',
  'materialized',
];

export function objectsOf({ files, part, discovery }: PartRevision): Map<AssetKey, ScriptObject> {
  const folder = normalFolder(SnowflakePart.parse(part.settings).path);
  const objects = new Map<AssetKey, ScriptObject>(
    discovery.assets.filter(({ part: own }) => own !== null).map(({ key }) => [key, { own: [], touching: [] }]),
  );
  const names = new Map(
    [...objects.keys()].map((key) => [key.slice(key.lastIndexOf('.') + 1).replace(/^.*\//, ''), key]),
  );
  for (const path of pathsInside(files.entries, folder).filter((one) => one.endsWith('.sql'))) {
    let schema: string | null = null;
    for (const statement of statementsIn(files.text(path) ?? '')) {
      schema = usedSchema(statement.words) ?? schema;
      const about = aboutObject(statement, schema);
      const object = about === null ? undefined : objects.get(about.key);
      if (about !== null && object !== undefined) object.own.push(about.said);
      const said = statement.words.join(' ');
      for (const word of new Set(statement.words.map((one) => one.replaceAll('"', '').toLowerCase()))) {
        const key = names.get(word);
        // A view that reads an object does nothing to it.
        if (key === undefined || key === about?.key || about?.said.does === 'create') continue;
        objects.get(key)?.touching.push(said);
      }
    }
  }
  return objects;
}

function usedSchema(words: readonly string[]): string | null {
  return words[0] === 'use' && words.length <= 5 && !['warehouse', 'role', 'database'].includes(words[1] ?? '')
    ? (words.at(-1)?.replaceAll('"', '') ?? null)
    : null;
}

function aboutObject(statement: Statement, schema: string | null): { key: AssetKey; said: ObjectStatement } | null {
  const { words, text } = statement;
  const does = words[0];
  if (does !== 'create' && does !== 'alter') return null;
  const at = words.findIndex((word, index) => index > 0 && types.includes(word));
  const between = words.slice(1, at);
  if (at === -1 || !between.every((word) => modifiers.includes(word))) return null;
  let from = at + 1;
  if (words[from] === 'if') from += words[from + 1] === 'not' ? 3 : 2;
  const steps = [words[from] ?? ''];
  for (from += 1; words[from] === '.'; from += 2) steps.push(words[from + 1] ?? '');
  const name = steps.map((step) => step.replaceAll('"', '').toLowerCase()).slice(-2);
  const full = name.length === 1 && schema !== null ? [schema.toLowerCase(), ...name] : name;
  const kept = between.filter((word) => !['or', 'replace', 'alter'].includes(word));
  const said = { does, type: words[at] ?? '', modifiers: kept, rest: words.slice(from), text } as const;
  return { key: assetKey('warehouse:table', full.join('.')), said };
}
