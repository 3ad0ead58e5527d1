import { isInside } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';

/**
 * The settings of sqlfluff that a project has: files in or above the linted folder, and inside it. `readsMore`: they name folders of
 * Python or Jinja that sqlfluff reads too.
 */
export type SqlfluffSettings = { paths: string[]; texts: string[]; dialect: string | null; readsMore: boolean };

const PLACES: { [name: string]: RegExp } = {
  '.sqlfluff': /^\s*\[sqlfluff/m,
  'setup.cfg': /^\s*\[sqlfluff/m,
  'tox.ini': /^\s*\[sqlfluff/m,
  'pep8.ini': /^\s*\[sqlfluff/m,
  'pyproject.toml': /^\s*\[tool\.sqlfluff/m,
};

/** Null: the project says nothing to sqlfluff. `dialect` is the one that the nearest file names, null when none does. */
export function sqlfluffSettings(files: ProjectFiles, folder: string): SqlfluffSettings | null {
  const found = files.entries.flatMap(({ path }) => {
    const at = path.lastIndexOf('/');
    const place = path.slice(0, Math.max(0, at));
    const pattern = PLACES[path.slice(at + 1)];
    if (pattern === undefined || !(isInside(folder, place) || isInside(place, folder))) return [];
    const text = files.text(path) ?? '';
    return pattern.test(text) ? [{ path, place, text }] : [];
  });
  if (found.length === 0) return null;
  const nearestFirst = found
    .filter(({ place }) => isInside(folder, place))
    .sort((a, b) => b.place.length - a.place.length);
  const dialects = nearestFirst.map(({ text }) => /^\s*dialect\s*=\s*["']?([\w-]+)/m.exec(text)?.[1]);
  return {
    paths: found.map(({ path }) => path),
    texts: found.map(({ text }) => text),
    dialect: dialects.find((one) => one !== undefined) ?? null,
    readsMore: found.some(({ text }) => /\b(?:library_path|loader_search_path)\b/.test(text)),
  };
}

const DIALECTS: { [adapter: string]: string } = {
  athena: 'athena',
  bigquery: 'bigquery',
  clickhouse: 'clickhouse',
  databricks: 'databricks',
  duckdb: 'duckdb',
  fabric: 'tsql',
  greenplum: 'greenplum',
  hive: 'hive',
  impala: 'impala',
  materialize: 'materialize',
  mysql: 'mysql',
  oracle: 'oracle',
  postgres: 'postgres',
  redshift: 'redshift',
  snowflake: 'snowflake',
  spark: 'sparksql',
  sqlite: 'sqlite',
  sqlserver: 'tsql',
  starrocks: 'starrocks',
  synapse: 'tsql',
  teradata: 'teradata',
  trino: 'trino',
  vertica: 'vertica',
};

/** What sqlfluff calls the SQL of a dbt adapter; null for one that it does not know. */
export function dialectOf(adapter: string): string | null {
  return DIALECTS[adapter] ?? null;
}
