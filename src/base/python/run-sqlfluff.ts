import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cache } from '../cache/cache.ts';
import { childEnv } from '../child-env.ts';
import { messageOf } from '../errors.ts';
import { runTool, whyNothing } from '../run-tool.ts';
import { withScratch } from '../scratch-folder.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

/** What sqlfluff says of one place. `code` PRS: it cannot parse the file; TMP: it cannot fill in its templates. */
const SqlProblem = z.object({ code: z.string(), description: z.string(), start_line_no: z.number() });
export type SqlProblem = z.infer<typeof SqlProblem>;

const Line = z.union([
  z.object({ path: z.string(), violations: z.array(SqlProblem) }),
  z.object({ path: z.string(), ignored: z.literal(true) }),
  z.object({ path: z.string(), failed: z.string() }),
]);
type Line = z.infer<typeof Line>;

/** `rests` is all beside its text and the settings that decides what is said of the file: the macros that it could call. */
export type SqlFile = { path: string; text: string; rests: readonly string[] };

/**
 * Paths of `files` and `macros` (folders) are relative to `root`. `rules` null: those of the project's own settings count, and the
 * dialect only where these name none. `settings` are the texts of the project's settings: they decide every answer.
 */
export type SqlfluffOrder = {
  sqlfluff: Runtime;
  root: string;
  files: readonly SqlFile[];
  dialect: string | null;
  rules: readonly string[] | null;
  macros: readonly string[];
  settings: readonly string[];
  processes: number;
  cache: Cache | null;
  signal: AbortSignal | undefined;
};

/** `ignored`: what the settings leave out. `unread` are the files of which sqlfluff did not tell, and why. */
export type SqlfluffAnswer = {
  problems: Map<string, SqlProblem[]>;
  ignored: string[];
  unread: { path: string; because: string }[];
};

/** A file that takes longer would take the time of all others. */
const SECONDS_A_FILE = 60;

/**
 * Lints the files that have not been linted with the same text, settings and macros before, all cores at once, and keeps what was said
 * of each, also when it is ended before the last.
 */
export async function runSqlfluff(order: SqlfluffOrder): Promise<SqlfluffAnswer> {
  const table = (await order.cache?.table('sqlfluff')) ?? null;
  const answer: SqlfluffAnswer = { problems: new Map(), ignored: [], unread: [] };
  const fresh: SqlFile[] = [];
  for (const file of order.files) {
    const known = await table?.get(fingerprint(order, file));
    if (typeof known === 'string') enter(answer, Line.parse(JSON.parse(known)));
    else fresh.push(file);
  }
  if (fresh.length === 0) return answer;
  const { lines, otherwise } = await lint(order, fresh);
  for (const file of fresh) {
    const line = lines.get(file.path) ?? { path: file.path, failed: otherwise };
    enter(answer, line);
    if (!('failed' in line)) table?.set(fingerprint(order, file), JSON.stringify(line));
  }
  return answer;
}

function enter(answer: SqlfluffAnswer, line: Line): void {
  if ('violations' in line) answer.problems.set(line.path, line.violations);
  else if ('ignored' in line) answer.ignored.push(line.path);
  else answer.unread.push({ path: line.path, because: line.failed });
}

function fingerprint({ sqlfluff, dialect, rules, macros, settings }: SqlfluffOrder, file: SqlFile): string {
  const { path, text, rests } = file;
  return createHash('sha256')
    .update(JSON.stringify([sqlfluff.lock, path, text, rests, dialect, rules, macros, settings]))
    .digest('hex');
}

type Linted = { lines: Map<string, Line>; otherwise: string };

/** `otherwise`: why nothing is said of the other files. */
async function lint(order: SqlfluffOrder, files: readonly SqlFile[]): Promise<Linted> {
  return withScratch('sql', async (scratch) => {
    try {
      const settings = join(scratch, 'settings.cfg');
      await writeFile(settings, settingsOf(order));
      const argv = [order.sqlfluff.python, '-m', 'headgate_bridge.run_sqlfluff', scratch];
      const env = childEnv([], {
        ...runtimeEnv(order.sqlfluff),
        ...{ HOME: scratch, TMPDIR: scratch, PYTHONPATH: join(bridgeFolder, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
      });
      const paths = files.map(({ path }) => path);
      const input = JSON.stringify({
        ...{ files: paths, settings, processes: order.processes, seconds: SECONDS_A_FILE },
      });
      const ended = await runTool({ argv, cwd: order.root, env, signal: order.signal, input, keep: 64_000_000 });
      const lines = linesOf(ended.out);
      const said = reasonIn(ended.err || ended.out);
      const otherwise = ended.status === 0 ? 'it ended without an answer' : said || whyNothing(ended);
      return { lines, otherwise };
    } catch (error) {
      return { lines: new Map(), otherwise: messageOf(error) };
    }
  });
}

/** The last line may be cut short, where it was ended. */
function linesOf(out: string): Map<string, Line> {
  const whole = out.slice(0, out.lastIndexOf('\n') + 1).split('\n');
  const lines = whole.filter((line) => line.startsWith('{')).map((line) => Line.parse(JSON.parse(line)));
  return new Map(lines.map((line) => [line.path, line]));
}

/** What is given here wins over the project's own settings. */
function settingsOf({ dialect, rules, macros }: SqlfluffOrder): string {
  return [
    '[sqlfluff]',
    ...(dialect === null ? [] : [`dialect = ${dialect}`]),
    ...(rules === null ? [] : [`rules = ${rules.join(',')}`]),
    'large_file_skip_byte_limit = 200000',
    '[sqlfluff:templater:jinja]',
    'apply_dbt_builtins = True',
    ...(macros.length === 0 ? [] : [`load_macros_from_path = ${macros.join(',')}`]),
    '',
  ].join('\n');
}

/** What sqlfluff says to the user, with its file's path cut to the name; else the last line. */
export function reasonIn(text: string): string {
  const lines = text.trim().split('\n');
  const said = lines.find((line) => /^(?:[\w.]*SQLFluffUserError|User Error): /.test(line)) ?? lines.at(-1) ?? '';
  const plain = said.replace(/^[\w.]*SQLFluffUserError: /, 'User Error: ');
  return plain.replaceAll(/PosixPath\('(?:[^']*\/)?([^'/]+)'\)/g, '`$1`').slice(0, 300);
}
