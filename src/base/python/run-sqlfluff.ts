import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cache } from '../cache/cache.ts';
import { childEnv } from '../child-env.ts';
import { messageOf } from '../errors.ts';
import { runTool } from '../run-tool.ts';
import { bridgeFolder } from './bridge-folder.ts';
import { type Runtime, runtimeEnv } from './runtime.ts';

/** What sqlfluff says of one place. `code` PRS: it cannot parse the file; TMP: it cannot fill in its templates. */
const SqlProblem = z.object({ code: z.string(), description: z.string(), start_line_no: z.number() });
export type SqlProblem = z.infer<typeof SqlProblem>;
const Report = z.array(z.object({ filepath: z.string(), violations: z.array(SqlProblem) }));

/**
 * `files` and `macros` (folders) are relative to `root`. `rules` null: those of the project's own settings count, and the
 * dialect only where these name none. `seen` are the texts of settings and macros: they decide answers as the file does.
 */
export type SqlfluffOrder = {
  sqlfluff: Runtime;
  root: string;
  files: readonly { path: string; text: string }[];
  dialect: string | null;
  rules: readonly string[] | null;
  macros: readonly string[];
  seen: readonly string[];
  cache: Cache | null;
  signal: AbortSignal | undefined;
};

/** `unread` are the files that were not reached, and why. */
export type SqlfluffAnswer = { problems: Map<string, SqlProblem[]>; unread: { path: string; because: string }[] };

const FILES_AT_ONCE = 40;
const PROCESSES = '2';

/** Lints files that have not been linted with the same text and settings before, some at a time, and keeps the answers. */
export async function runSqlfluff(order: SqlfluffOrder): Promise<SqlfluffAnswer> {
  const table = (await order.cache?.table('sqlfluff')) ?? null;
  const answer: SqlfluffAnswer = { problems: new Map(), unread: [] };
  const fresh: { path: string; text: string }[] = [];
  for (const file of order.files) {
    const known = await table?.get(fingerprint(order, file));
    if (typeof known === 'string') answer.problems.set(file.path, z.array(SqlProblem).parse(JSON.parse(known)));
    else fresh.push(file);
  }
  for (let from = 0; from < fresh.length; from += FILES_AT_ONCE) {
    const some = fresh.slice(from, from + FILES_AT_ONCE);
    const said = await lint(order, some);
    for (const file of some) {
      const problems = 'failed' in said ? undefined : said.get(file.path);
      if (problems === undefined) {
        answer.unread.push({ path: file.path, because: 'failed' in said ? said.failed : 'sqlfluff ignores it' });
      } else {
        answer.problems.set(file.path, problems);
        table?.set(fingerprint(order, file), JSON.stringify(problems));
      }
    }
  }
  return answer;
}

function fingerprint(order: SqlfluffOrder, { path, text }: { path: string; text: string }): string {
  const { sqlfluff, dialect, rules, macros, seen } = order;
  return createHash('sha256')
    .update(JSON.stringify([sqlfluff.lock, path, text, dialect, rules, macros, seen]))
    .digest('hex');
}

async function lint(
  order: SqlfluffOrder,
  files: readonly { path: string }[],
): Promise<Map<string, SqlProblem[]> | { failed: string }> {
  const scratch = await mkdtemp(join(tmpdir(), 'headgate-sql-'));
  try {
    const settings = join(scratch, 'settings.cfg');
    await writeFile(settings, settingsOf(order));
    // The project's own settings come first; what is given here wins over them.
    const argv = [
      ...[order.sqlfluff.python, '-m', 'headgate_bridge.confined', scratch, 'sqlfluff', 'lint'],
      ...['--format', 'json', '--nofail', '--disable-progress-bar', '--processes', PROCESSES, '--templater', 'jinja'],
      ...['--config', settings, '--', ...files.map(({ path }) => path)],
    ];
    const env = childEnv([], {
      ...runtimeEnv(order.sqlfluff),
      ...{ HOME: scratch, TMPDIR: scratch, PYTHONPATH: join(bridgeFolder, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    });
    const ended = await runTool({ argv, cwd: order.root, env, signal: order.signal });
    if (ended.status !== 0) return { failed: reasonIn(ended.err || ended.out) };
    return new Map(Report.parse(JSON.parse(ended.out)).map(({ filepath, violations }) => [filepath, violations]));
  } catch (error) {
    return { failed: messageOf(error) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

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
  const said = lines.find((line) => line.startsWith('User Error:')) ?? lines.at(-1) ?? '';
  return said.replaceAll(/PosixPath\('(?:[^']*\/)?([^'/]+)'\)/g, '`$1`').slice(0, 300);
}
