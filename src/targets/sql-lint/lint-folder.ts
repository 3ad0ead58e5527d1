import { availableParallelism } from 'node:os';
import { ensureTool } from '../../base/python/ensure-tool.ts';
import { runSqlfluff, type SqlFile } from '../../base/python/run-sqlfluff.ts';
import { passed, skipped, withoutTool } from '../../model/check-finding.ts';
import type { CheckWeight } from '../../model/check-running.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckInput } from '../contract.ts';
import { judgeSql, MISTAKES } from './judge-sql.ts';
import { macroReach } from './reached-macros.ts';
import { type SqlfluffSettings, sqlfluffSettings } from './sqlfluff-settings.ts';

/** Half of the machine, and no less than two: sqlfluff takes the longest of all checks where there is much SQL. */
const cores = Math.max(2, Math.ceil(availableParallelism() / 2));
export const lintWeight: CheckWeight = { cores, memoryMb: 200 * cores };

/** `dialect` is what the part is known to be written in, as the files `said` by it tell; the project's own settings say otherwise. */
export type SqlFolder = {
  folder: string;
  paths: readonly string[];
  macros: readonly string[];
  dialect: string | null;
  saidBy: readonly string[];
  /** What the check says of a part in which it finds nothing. */
  told: { title: string; subject: string };
};

/**
 * Lints the SQL of a part with the project's settings of sqlfluff, or without any by the few rules that find mistakes. With a base, the
 * files that changed since, and those that a changed macro or setting reaches.
 */
export async function lintFolder(input: CheckInput, place: SqlFolder): Promise<Finding[]> {
  const { folder, paths, macros, dialect } = place;
  if (paths.length === 0) return [skipped('sql-lint', 'There is no SQL.')];
  const settings = sqlfluffSettings(input.files, folder);
  if (settings?.dialect === undefined && dialect === null) {
    return [
      skipped('sql-lint', 'Which SQL this is cannot be told.', { hint: 'Name it as `dialect` in a .sqlfluff file.' }),
    ];
  }
  const sqlfluff = await ensureTool('sqlfluff', input.exact);
  if ('absent' in sqlfluff) return [withoutTool('sql-lint', sqlfluff)];
  const all = filesOf(input, place);
  const files = await changedOf(all, { input, place, settings });
  const answer = await runSqlfluff({
    ...{ sqlfluff, root: input.root, macros, files, processes: cores },
    dialect: settings?.dialect === undefined || settings.dialect === null ? dialect : null,
    rules: settings === null ? Object.keys(MISTAKES) : null,
    settings: settings?.texts ?? [],
    // What else Python or Jinja then reads is not known here.
    cache: settings?.readsMore === true ? null : (input.cache ?? null),
    signal: input.control?.signal,
  });
  const findings = judgeSql(answer, settings !== null);
  if (!input.base) return findings;
  const how = `${files.length} of ${all.length} files were looked at: those that changed since ${input.base.commit.slice(0, 10)}, and those that changed macros and settings reach.`;
  if (findings.length > 0) return [...findings, skipped('sql-lint', how)];
  return [passed('sql-lint', `${place.told.title}: ${how.replace(/\.$/, '')}`, place.told.subject)];
}

type Reaching = SqlFile & { reached: readonly string[] };

function filesOf({ files }: CheckInput, { paths, macros }: SqlFolder): Reaching[] {
  const ofMacros = files.entries
    .filter(({ path }) => path.endsWith('.sql') && macros.some((folder) => path.startsWith(`${folder}/`)))
    .map(({ path }) => ({ path, text: files.text(path) ?? '' }));
  const reach = macroReach(ofMacros);
  return paths.map((path) => {
    const text = files.text(path) ?? '';
    const reached = reach(text);
    return {
      path,
      text,
      rests: reached.map((one) => `${one.path}\n${one.text}`),
      reached: reached.map((one) => one.path),
    };
  });
}

async function changedOf(
  all: readonly Reaching[],
  { input, place, settings }: { input: CheckInput; place: SqlFolder; settings: SqlfluffSettings | null },
): Promise<readonly Reaching[]> {
  if (!input.base) return all;
  const changed = await input.base.changed();
  const decisive = [...place.saidBy, ...(settings?.paths ?? [])];
  // Settings that are gone decided as well.
  const isSettings = (path: string) => decisive.includes(path) || /(?:^|\/)(?:\.sqlfluff|\.sqlfluffignore)$/.test(path);
  if (settings?.readsMore === true || [...changed].some(isSettings)) return all;
  const gone = [...changed].some(
    (path) => place.macros.some((folder) => path.startsWith(`${folder}/`)) && input.files.text(path) === null,
  );
  return gone ? all : all.filter(({ path, reached }) => [path, ...reached].some((one) => changed.has(one)));
}
