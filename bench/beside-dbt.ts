import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Impact } from '../src/delivery/impact/impact.ts';
import { foreignPackages, type History, openTree } from './dbt-check-out.ts';

const Difference = z.object({
  id: z.string(),
  what: z.enum(['sql', 'settings', 'place']),
  before: z.string(),
  after: z.string(),
});

/** What dbt makes of a resource otherwise, and what impact said of it; `said` null where it said nothing. */
type Doubt = z.infer<typeof Difference> & { said: string | null; because: string | null };

/**
 * What dbt says beside what impact tells. `decided`: modified for dbt, and `none` for impact; `lost`: selected by `state:modified+`, and
 * neither named by impact nor downstream of decided ones alone; `ofPackages`: how many resources of packages dbt selected, which are no
 * assets; `doubts`: compiled otherwise, and called `none`, `compatible` or nothing at all; `isQuiet`: nothing is compiled otherwise, new or gone.
 */
export type Held = {
  commit: string;
  selected: string[];
  named: string[];
  decided: string[];
  lost: string[];
  ofPackages: number;
  doubts: Doubt[];
  isQuiet: boolean;
  compiled: number;
  failed: { [reason: string]: number };
};

const Compiled = z.object({
  compiled: z.number(),
  failed: z.record(z.string(), z.number()),
  differs: z.array(Difference),
});
const Answer = z.union([
  Compiled.extend({
    modified: z.array(z.string()),
    selected: z.array(z.string()),
    children: z.record(z.string(), z.array(z.string())),
  }),
  Compiled.extend({ first: z.literal(true) }),
  z.object({ error: z.string() }),
]);
type Selected = Extract<z.infer<typeof Answer>, { modified: string[] }>;

/** Asks the dbt of a Python for each commit. `tell` gives the impact of a commit on the one before. */
export async function* besideDbt(
  python: string,
  history: History,
  tell: (commit: string) => Promise<Impact>,
): AsyncGenerator<Held | { commit: string; error: string }> {
  const foreign = foreignPackages(history);
  const home = mkdtempSync(join(tmpdir(), 'headgate-replay-'));
  const checkOut = openTree(history, join(home, 'tree'));
  const script = fileURLToPath(new URL('dbt_states.py', import.meta.url));
  const argv = ['-B', script, join(home, 'tree', history.folder), join(home, 'kept')];
  const dbt = spawn(python, argv, { env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' } });
  dbt.stderr.resume();
  const answers = createInterface({ input: dbt.stdout })[Symbol.asyncIterator]();
  try {
    for (const commit of history.commits) {
      checkOut(commit);
      const said = await ask(dbt, answers);
      if ('error' in said) yield { commit, error: said.error };
      else if ('modified' in said) yield { commit, ...held(said, await tell(commit), foreign) };
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

function held(said: Selected, impact: Impact, foreign: ReadonlySet<string>): Omit<Held, 'commit'> {
  const isOfPackage = (id: string) => foreign.has(id.split('.')[1] ?? '');
  const changes = new Map<string, Impact['changed'][number]>(impact.changed.map((change) => [change.key, change]));
  const effectOf = (id: string) => changes.get(keyOf(id) ?? '')?.effect ?? null;
  const changed = impact.changed.filter(({ effect }) => effect !== 'none');
  const named = [...new Set<string>([...changed, ...impact.reached].map(({ key }) => key))];
  const all = said.selected.filter((id) => keyOf(id) !== null);
  const selected = all.filter((id) => !isOfPackage(id));
  const isDecided = (id: string) => effectOf(id) === 'none';
  const real = downstream(
    said.modified.filter((id) => !isDecided(id)),
    said.children,
  );
  const doubts = said.differs.flatMap((one): Doubt[] => {
    const change = changes.get(keyOf(one.id) ?? '');
    if (keyOf(one.id) === null || isOfPackage(one.id) || isEnough(one, change?.effect ?? null)) return [];
    return [{ ...one, said: change?.effect ?? null, because: change?.because ?? null }];
  });
  const isOther = impact.changed.some(({ because }) => /^It is (?:gone|new)/.test(because));
  return {
    ...{ selected, named: named.filter((key) => key.startsWith('dbt:')) },
    ofPackages: all.length - selected.length,
    decided: said.modified.filter(isDecided),
    lost: selected.filter((id) => real.has(id) && !named.includes(keyOf(id) ?? '')),
    doubts,
    isQuiet: said.differs.length === 0 && !isOther,
    ...{ compiled: said.compiled, failed: said.failed },
  };
}

/** A test that checks something else is `compatible`, and so are settings that are not data; all else has to be worse. */
function isEnough({ id, what }: z.infer<typeof Difference>, effect: string | null): boolean {
  if (effect === 'unknown' || effect === 'breaking') return true;
  return effect === 'compatible' && (what === 'settings' || id.startsWith('test.'));
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
