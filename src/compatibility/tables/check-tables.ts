import { compareVersions } from '../compare-versions.ts';
import { tableFormats } from '../rules/table-rules.ts';
import type {
  Compatibility,
  CompatibilityRequest,
  Direction,
  PairProblem,
  SchemaSource,
  WitnessSearch,
} from '../verdict.ts';
import { compareTables, type LimitSearch, type TableFinding } from './compare-tables.ts';
import { limitSearch } from './limits.ts';
import { readDbt, readOdcs } from './read-contracts.ts';
import { readDdl } from './read-ddl.ts';
import { readSnowflakeTypes } from './read-snowflake-types.ts';
import type { Table } from './table.ts';

type Tables = { tables: Table[] };

/** dbt contracts, ODCS contracts, `create table` statements and Snowflake types: tables whose rows others read. */
export async function checkTables(request: CompatibilityRequest): Promise<Compatibility> {
  const format = tableFormats.find((one) => one === request.format);
  if (format === undefined) throw new Error(`${request.format} is no format of tables`);
  const compareLimits: LimitSearch = format === 'odcs' ? limitSearch() : () => 'within';
  const findings = (reader: Tables, writer: Tables, direction: Direction) =>
    compareTables({ reader: reader.tables, writer: writer.tables }, { format, direction, compareLimits });
  return compareVersions(
    {
      read: (source) => tablesOf(source, request),
      compare: (reader, writer, direction) =>
        findings(reader, writer, direction).map(({ rule, path, message }): PairProblem => ({ rule, path, message })),
      findWitness: async (reader, writer, _, direction) => witnessOf(findings(reader, writer, direction)),
    },
    request,
  );
}

function tablesOf(source: SchemaSource, request: CompatibilityRequest): Tables {
  const dialect = request.dialect ?? 'snowflake';
  const readers: { [format: string]: () => Table[] } = {
    dbt: () => readDbt(source, dialect),
    odcs: () => readOdcs(source, dialect),
    ddl: () => readDdl(source, dialect),
    snowflake: () => readSnowflakeTypes(source),
  };
  return { tables: readers[request.format]?.() ?? [] };
}

/** Rows are judged by the table of types itself: there is no library to ask that is the warehouse. */
function witnessOf(findings: readonly TableFinding[]): WitnessSearch {
  const shown = findings.find((finding) => finding.row !== null);
  if (shown === undefined || shown.row === null)
    return { because: 'No single row shows it: it is about whole tables, or a type that is only known by its name.' };
  return {
    witness: { type: null, value: shown.row, bytes: null, outcome: shown.message, confirmedBy: 'the table of types' },
  };
}
