import { ensureTool } from '../../base/python/ensure-tool.ts';
import { runSqlfluff } from '../../base/python/run-sqlfluff.ts';
import { notTold, skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckInput } from '../contract.ts';
import { judgeSql, MISTAKES } from './judge-sql.ts';
import { sqlfluffSettings } from './sqlfluff-settings.ts';

/** `dialect` is what the part is known to be written in; the project's own settings say otherwise. */
export type SqlFolder = { folder: string; paths: readonly string[]; macros: readonly string[]; dialect: string | null };

/** Lints the SQL of a part with the project's settings of sqlfluff, or without any by the few rules that find mistakes. */
export async function lintFolder(input: CheckInput, { folder, paths, macros, dialect }: SqlFolder): Promise<Finding[]> {
  if (paths.length === 0) return [skipped('sql-lint', 'There is no SQL.')];
  const settings = sqlfluffSettings(input.files, folder);
  if (settings?.dialect === undefined && dialect === null) {
    return [
      skipped('sql-lint', 'Which SQL this is cannot be told.', { hint: 'Name it as `dialect` in a .sqlfluff file.' }),
    ];
  }
  const sqlfluff = await ensureTool('sqlfluff', input.exact);
  if ('absent' in sqlfluff) return [notTold('sql-lint', sqlfluff.absent)];
  const macroTexts = input.files.entries
    .filter(({ path }) => macros.some((place) => path.startsWith(`${place}/`)))
    .map(({ path }) => input.files.text(path) ?? '');
  const answer = await runSqlfluff({
    ...{ sqlfluff, root: input.root, macros },
    files: paths.map((path) => ({ path, text: input.files.text(path) ?? '' })),
    dialect: settings?.dialect === undefined || settings.dialect === null ? dialect : null,
    rules: settings === null ? Object.keys(MISTAKES) : null,
    seen: [...(settings?.texts ?? []), ...macroTexts],
    cache: input.cache ?? null,
    signal: input.control?.signal,
  });
  return judgeSql(answer, settings !== null);
}
