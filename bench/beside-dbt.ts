import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Impact } from '../src/delivery/impact/impact.ts';

/** Commits of a dbt project, oldest first, each compared with the one before. `packages`: a folder of installed dbt packages. */
export type History = { repository: string; folder: string; commits: readonly string[]; packages: string | null };

/**
 * What `state:modified+` selects beside what impact tells. `decided`: modified for dbt, and `none` for impact; `lost`: selected, and
 * neither named by impact nor downstream of decided ones alone; `beyond`: named by impact alone. `error`: dbt cannot read the project.
 */
export type Held = {
  commit: string;
  selected: string[];
  named: string[];
  beyond: string[];
  decided: string[];
  lost: string[];
};

const Answer = z.union([
  z.object({
    modified: z.array(z.string()),
    selected: z.array(z.string()),
    children: z.record(z.string(), z.array(z.string())),
  }),
  z.object({ first: z.literal(true) }),
  z.object({ error: z.string() }),
]);
type Selected = Extract<z.infer<typeof Answer>, { modified: string[] }>;

/** Asks the dbt of a Python for each commit. `tell` gives the impact of a commit on the one before. */
export async function* besideDbt(
  python: string,
  history: History,
  tell: (commit: string) => Promise<Impact>,
): AsyncGenerator<Held | { commit: string; error: string }> {
  const home = mkdtempSync(join(tmpdir(), 'headgate-replay-'));
  const script = fileURLToPath(new URL('dbt_states.py', import.meta.url));
  const argv = ['-B', script, join(home, 'tree', history.folder), join(home, 'kept')];
  const dbt = spawn(python, argv, { env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' } });
  dbt.stderr.resume();
  const answers = createInterface({ input: dbt.stdout })[Symbol.asyncIterator]();
  try {
    for (const commit of history.commits) {
      checkOut(commit, history, join(home, 'tree'));
      const said = await ask(dbt, answers);
      if ('error' in said) yield { commit, error: said.error };
      else if ('modified' in said) yield { commit, ...held(said, await tell(commit)) };
    }
  } finally {
    dbt.stdin.end();
    rmSync(home, { recursive: true, force: true });
  }
}

async function ask(
  dbt: ChildProcessWithoutNullStreams,
  answers: AsyncIterator<string>,
): Promise<z.infer<typeof Answer>> {
  dbt.stdin.write('\n');
  const line = await answers.next();
  if (line.done === true) throw new Error('dbt ended before it had answered.');
  return Answer.parse(JSON.parse(line.value));
}

/** The dbt project as it was, with the packages that are given. */
function checkOut(commit: string, { repository, folder, packages }: History, tree: string): void {
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const paths = folder === '' ? [] : [folder];
  const archive = spawnSync('git', ['-C', repository, 'archive', commit, ...paths], { maxBuffer: 2 ** 30 });
  spawnSync('tar', ['-x', '-C', tree], { input: archive.stdout });
  if (packages === null) return;
  // dbt refuses a project of whose packages one is missing.
  for (const name of ['packages.yml', 'dependencies.yml', 'package-lock.yml']) {
    const file = join(tree, folder, name);
    if (existsSync(file) && !readFileSync(file, 'utf8').includes('local:')) rmSync(file);
  }
  const installed = join(tree, folder, 'dbt_packages');
  for (const name of readdirSync(packages))
    if (!existsSync(join(installed, name))) cpSync(join(packages, name), join(installed, name), { recursive: true });
}

function held(said: Selected, impact: Impact): Omit<Held, 'commit'> {
  const effects = new Map<string, string>(impact.changed.map(({ key, effect }) => [key, effect]));
  const changed = impact.changed.filter(({ effect }) => effect !== 'none');
  const named = [...new Set<string>([...changed, ...impact.reached].map(({ key }) => key))];
  const selected = said.selected.filter((id) => keyOf(id) !== null);
  const isDecided = (id: string) => effects.get(keyOf(id) ?? '') === 'none';
  const real = downstream(
    said.modified.filter((id) => !isDecided(id)),
    said.children,
  );
  const keys = new Set(selected.map(keyOf));
  return {
    ...{ selected, named },
    beyond: named.filter((key) => key.startsWith('dbt:') && !keys.has(key)),
    decided: said.modified.filter(isDecided),
    lost: selected.filter((id) => real.has(id) && !named.includes(keyOf(id) ?? '')),
  };
}

function downstream(from: readonly string[], children: { [id: string]: string[] }): Set<string> {
  const seen = new Set<string>();
  const pending = [...from];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    pending.push(...(children[id] ?? []));
  }
  return seen;
}

/** dbt's id as a key of the catalogue; null for kinds that the catalogue does not have. */
function keyOf(id: string): string | null {
  const [kind = '', ...rest] = id.split('.');
  if (!['model', 'source', 'seed', 'snapshot', 'test', 'exposure'].includes(kind)) return null;
  const name = kind === 'test' && /^[0-9a-f]{10}$/.test(rest.at(-1) ?? '') ? rest.slice(0, -1) : rest;
  return `dbt:${kind}/${name.join('.')}`;
}
