import { judgeColumns, type MadeTable } from '../../delivery/checks/contracts/judge-columns.ts';
import { promisedColumns } from '../../delivery/checks/contracts/promised-columns.ts';
import type { Asset } from '../../model/asset.ts';
import { skipped } from '../../model/check-finding.ts';
import { tableKey } from '../../model/data-keys.ts';
import { columnsOf } from '../impact/columns-of.ts';
import type { ProjectCheck, ProjectCheckInput } from './project-check.ts';

export const contractColumns: ProjectCheck = {
  name: 'contract-columns',
  title: 'The tables that the project makes have the columns that contracts promise',
  dependsOn: ['project-files', 'settings', 'discovery', 'values'],
  async run(input) {
    const { catalog, reading } = input;
    const paths = [
      ...new Set(catalog.assets.flatMap(({ kind, path }) => (kind === 'contract' && path !== null ? [path] : []))),
    ];
    const contracts = paths.map((path) => ({ path, promised: promisedColumns(reading.files.text(path) ?? '') }));
    const makers = makersOf(input, new Set(contracts.flatMap(({ promised }) => promised.map(({ table }) => table))));
    if (makers.size === 0)
      return [skipped('contract-columns', 'No contract is about a table that this project makes.')];
    const tables = await withColumns(input, makers);
    return contracts.flatMap(({ path, promised }) =>
      judgeColumns(path, promised, (table) => tables.get(table) ?? null),
    );
  },
};

/** The one asset that makes each table; tables that several make, or whose maker is not known, are left out. */
function makersOf({ catalog }: ProjectCheckInput, tables: ReadonlySet<string>): Map<string, Asset> {
  const byKey = new Map(catalog.assets.map((asset) => [asset.key, asset]));
  const found = new Map<string, Asset>();
  for (const table of tables) {
    const key = tableKey(table);
    const makers = catalog.edges
      .filter(({ to, kind }) => to === key && kind === 'feeds')
      .map(({ from }) => byKey.get(from));
    const [maker] = makers;
    if (maker !== undefined && makers.length === 1) found.set(table, maker);
  }
  return found;
}

/** From the SQL where it tells all, else as they are declared; those of an enforced contract are all there are. */
async function withColumns(input: ProjectCheckInput, makers: Map<string, Asset>): Promise<Map<string, MadeTable>> {
  const read = await columnsOf(
    input,
    [...makers.values()].map(({ key }) => key),
  );
  const outputs = new Map(read.map((one) => [one.key, one.outputs]));
  return new Map(
    [...makers].map(([table, { key, name, facts }]) => {
      const declared = columnsIn(facts.columns);
      const made = outputs.get(key) ?? null;
      const columns = { ...Object.fromEntries((made ?? []).map((column) => [column.name, null])), ...declared };
      return [table, { asset: key, name, columns, whole: made !== null || facts.contract === true }];
    }),
  );
}

function columnsIn(value: Asset['facts'][string] | undefined): { [column: string]: string | null } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, type]) => [name, typeof type === 'string' ? type : null]),
  );
}
