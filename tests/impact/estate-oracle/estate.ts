import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../../bench/measure.ts';
import { type WarmImpact, warmImpact } from '../../../src/workflows/impact/warm-impact.ts';

const example = fileURLToPath(new URL('../../../examples/payments/', import.meta.url));

export type Texts = { [path: string]: string };

/** The example as a repository of its own, and what impact says of other texts in its working tree. */
export type Estate = {
  texts: Texts;
  tell(changed: Texts): ReturnType<WarmImpact['tell']>;
  remove(): void;
};

export function openEstate(): Estate {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-estate-oracle-')));
  cpSync(example, home, {
    recursive: true,
    filter: (path) => !/\/(?:changes|source-data|__pycache__)(?:\/|$)/.test(path),
  });
  const git = (...argv: string[]) =>
    runProgram(['git', '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', ...argv], { cwd: home });
  git('init', '-q', '-b', 'main');
  git('add', '--all');
  git('commit', '-q', '-m', 'estate');
  const paths = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.(?:py|ya?ml|avsc|tf|sql|csv|txt|toml)$/.test(path) && !path.startsWith('.git/'),
  );
  const texts = Object.fromEntries(paths.map((path) => [path, readFileSync(join(home, path), 'utf8')]));
  const warm = warmImpact(null);
  return {
    texts,
    async tell(changed) {
      for (const [path, text] of Object.entries(changed)) writeFileSync(join(home, path), text);
      try {
        return await warm.tell(home, { base: 'main', head: null });
      } finally {
        for (const path of Object.keys(changed)) writeFileSync(join(home, path), texts[path] ?? '');
      }
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
