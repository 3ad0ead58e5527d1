import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type GitFolder, inRepository } from '../../../tests/estate/git-folder.ts';
import { HeadgateError } from '../../base/errors.ts';
import { sayings } from './series-estate.ts';
import { tellImpact } from './tell-impact.ts';
import { type WarmImpact, warmImpact } from './warm-impact.ts';

/** HEADGATE_SERIES=<rounds> and HEADGATE_SEED=<number> ask for more, and hold every tenth answer against one of a new process. */
const rounds = Number(process.env.HEADGATE_SERIES ?? 20);
const firstSeed = Number(process.env.HEADGATE_SEED ?? 1);
const isLong = process.env.HEADGATE_SERIES !== undefined;
const roundsOfSeries = 50;

type Pick = <T>(from: readonly T[]) => T;

/** A small generator (mulberry32): the same seed makes the same series. */
function seeded(seed: number): Pick {
  let state = seed;
  return (from) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const found = from[((mixed ^ (mixed >>> 14)) >>> 0) % from.length];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  };
}

/** One thing that happens to the files or the history; gives a word for it. */
type Deed = (folder: GitFolder, pick: Pick) => string;

const paths = Object.keys(sayings);
const anything = (path: string) => sayings[path] ?? [];

function say(folder: GitFolder, pick: Pick): string {
  const path = pick(paths);
  write(folder, path, pick(anything(path)));
  return `say ${path}`;
}

function write(folder: GitFolder, path: string, text: string | null): void {
  const file = join(folder.root, path);
  // A link or a folder that took its place.
  if (!isFile(file) || text === null) rmSync(file, { recursive: true, force: true });
  if (text !== null) folder.write({ [path]: text });
}

function isFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** A file that is there. */
function present(folder: GitFolder, pick: Pick, among: readonly string[] = paths): string {
  const found = among.filter((path) => isFile(join(folder.root, path)));
  return found.length === 0 ? 'environments/dev.yaml' : pick(found);
}

/** Other words of the same length under the same time of change, to the second or to the last digit. */
function sayUnseen(folder: GitFolder, pick: Pick): string {
  const path = present(folder, pick, [
    'dbt/models/paid.sql',
    'dbt/models/raw.sql',
    'dags/daily.py',
    'kafka/topics.yaml',
  ]);
  const file = join(folder.root, path);
  const { mtime } = statSync(file);
  const text = readFileSync(file, 'utf8');
  const other = text.replace(/[0-9](?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)).replace(/\bid\b/, 'at');
  folder.write({ [path]: other });
  utimesSync(file, mtime, pick([mtime, new Date(Math.floor(mtime.getTime() / 1000) * 1000)]));
  return `unseen ${path}`;
}

function touch(folder: GitFolder, pick: Pick): string {
  const path = present(folder, pick);
  const text = readFileSync(join(folder.root, path), 'utf8');
  if (pick([true, false])) folder.write({ [path]: text });
  else utimesSync(join(folder.root, path), new Date(), new Date(Date.now() - pick([0, 60_000])));
  return `touch ${path}`;
}

function move(folder: GitFolder, pick: Pick): string {
  const [from, to] = pick([
    ['dbt/models/sum.sql', 'dbt/models/other/sum.sql'],
    ['dbt/models/other/sum.sql', 'dbt/models/sum.sql'],
    ['dags/daily.py', 'dags/shared/daily.py'],
    ['dags/shared/daily.py', 'dags/daily.py'],
  ] as const);
  if (!isFile(join(folder.root, from))) return 'nothing to move';
  const text = readFileSync(join(folder.root, from), 'utf8');
  write(folder, from, null);
  write(folder, to, text);
  return `move ${from}`;
}

function oddFile(folder: GitFolder, pick: Pick): string {
  const path = present(folder, pick, paths.slice(2));
  const file = join(folder.root, path);
  const kind = pick(['link', 'folder', 'bytes', 'executable', 'ignored'] as const);
  if (kind === 'executable') chmodSync(file, pick([0o644, 0o755]));
  else if (kind === 'ignored') folder.write({ '.gitignore': pick([`/${path}\n`, '*.txt\n', '']) });
  else {
    rmSync(file, { recursive: true });
    if (kind === 'link') symlinkSync(pick(['nowhere', join(folder.root, 'headgate.yaml'), 'daily.py']), file);
    else if (kind === 'folder') folder.write({ [`${path}/inner.txt`]: 'a folder now' });
    else writeFileSync(file, Buffer.from([0x2d, 0xe9, 0xff]));
  }
  return `${kind} ${path}`;
}

function history(folder: GitFolder, pick: Pick): string {
  const deed = pick([
    ['add', '--all'],
    ['checkout', '-q', '-f', 'main'],
    ['checkout', '-q', '-f', 'side'],
    ['checkout', '-q', '-f', '--detach', 'main~1'],
    ['reset', '-q', '--hard', 'main'],
    ['clean', '-qfd'],
    ['commit', '-q', '-a', '--allow-empty', '-m', 'more'],
    ['branch', '-f', 'side', 'HEAD'],
    ['update-index', '--refresh', '-q'],
  ]);
  try {
    folder.git(...deed);
  } catch {
    return `git ${deed.join(' ')} said no`;
  }
  return `git ${deed.join(' ')}`;
}

const deeds: readonly Deed[] = [say, say, say, say, say, sayUnseen, touch, move, oddFile, history];
const bases = ['main', 'main', 'HEAD', 'HEAD~1', 'side', 'main~1..HEAD', 'main~1..'] as const;

type Tell = WarmImpact['tell'];

async function told(answers: Tell, root: string, base: string) {
  try {
    const { comparison, impact } = await answers(root, { base, head: null });
    return { comparison, impact };
  } catch (error) {
    // A history of one commit has no commit before it.
    return { no: error instanceof HeadgateError ? error.code : String(error) };
  }
}

test('whatever happens to a project, a process that stays and one that has a cache answer as a new one does', async () => {
  const home = mkdtempSync(join(tmpdir(), 'headgate-series-'));
  const before = process.env.HEADGATE_CACHE;
  process.env.HEADGATE_CACHE = home;
  try {
    for (let done = 0, seed = firstSeed; done < rounds; done += roundsOfSeries, seed += 1)
      await series(seed, Math.min(roundsOfSeries, rounds - done));
  } finally {
    if (before === undefined) delete process.env.HEADGATE_CACHE;
    else process.env.HEADGATE_CACHE = before;
    rmSync(home, { recursive: true, force: true });
  }
});

async function series(seed: number, length: number): Promise<void> {
  const pick = seeded(seed);
  await inRepository(async (folder) => {
    const start = paths.map((path): [string, string | null] => [path, anything(path)[0] ?? null]);
    folder.commit(Object.fromEntries(start.filter(([, text]) => text !== null)));
    folder.git('branch', 'side');
    folder.commit({ 'dbt/models/sum.sql': anything('dbt/models/sum.sql')[2] ?? null });
    const warm = warmImpact(null);
    const happened: string[] = [];
    const answers = new Set<string>();
    for (let round = 0; round < length; round += 1) {
      const many = pick([1, 1, 1, 2, 3]);
      for (let deed = 0; deed < many; deed += 1) happened.push(pick(deeds)(folder, pick));
      const base = pick(bases);
      const said = () => `seed ${seed}, round ${round}, base ${base}, after:\n${happened.slice(-12).join('\n')}`;
      const fresh = await told((...asked) => warmImpact(null).tell(...asked), folder.root, base);
      assert.deepEqual(await told(warm.tell, folder.root, base), fresh, said());
      assert.deepEqual(await told(tellImpact, folder.root, base), fresh, `with a cache: ${said()}`);
      if (isLong && round % 10 === 9 && !('no' in fresh))
        assert.deepEqual(inNewProcess(folder.root, base), plain(fresh), said());
      answers.add(JSON.stringify(fresh));
    }
    assert.ok(answers.size > length / 4, `the series of seed ${seed} has ${answers.size} answers`);
  });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const module = fileURLToPath(new URL('./warm-impact.ts', import.meta.url));

function inNewProcess(root: string, base: string): unknown {
  const program = `const { warmImpact } = await import(${JSON.stringify(module)});
const { comparison, impact } = await warmImpact(null).tell(${JSON.stringify(root)}, { base: ${JSON.stringify(base)}, head: null });
process.stdout.write(JSON.stringify({ comparison, impact }));`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return JSON.parse(ran.stdout);
}
