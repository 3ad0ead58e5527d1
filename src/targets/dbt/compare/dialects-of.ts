import { type SqlDialect, sqlDialects } from '../../../base/sql/sql-dialect.ts';
import { readYaml } from '../../../base/yaml/yaml-document.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { type DbtProject, inside, objectOf } from '../static/dbt-project.ts';

const adapters: { [type: string]: SqlDialect } = {
  postgres: 'postgres',
  duckdb: 'duckdb',
  snowflake: 'snowflake',
  spark: 'spark',
  databricks: 'spark',
  bigquery: 'bigquery',
  trino: 'trino',
  starburst: 'trino',
  athena: 'trino',
};

/**
 * The dialects that the SQL of a project may be in: what its profile says, beside the project or anywhere in the repository, else the one
 * adapter of dbt that is required for it. All that may be meant where neither tells.
 */
export function dialectsOf(files: ProjectFiles, project: DbtProject, profile: unknown): readonly SqlDialect[] {
  let types = typesIn(files, inside(project.folder, 'profiles.yml'), profile);
  if (types.length === 0) types = profilesIn(files).flatMap((path) => typesIn(files, path, profile));
  if (types.length === 0) types = requiredFor(files, project.folder);
  const dialects = new Set(types.map((type) => adapters[type]));
  const [only] = dialects;
  return dialects.size === 1 && only !== undefined ? [only] : sqlDialects;
}

function profilesIn({ entries }: ProjectFiles): string[] {
  return entries.map(({ path }) => path).filter((path) => /(?:^|[/.])profiles\.ya?ml$/.test(path));
}

/** The types of a profile's outputs; empty where the file has no such profile. */
function typesIn(files: ProjectFiles, path: string, profile: unknown): string[] {
  const profiles = objectOf(readYaml(files.text(path) ?? '').value);
  const outputs = Object.values(objectOf(objectOf(profiles[String(profile)]).outputs));
  return outputs.map((output) => String(objectOf(output).type));
}

const lists = ['requirements.txt', 'pyproject.toml', 'Pipfile', 'environment.yml', 'setup.py'];

/** Python packages that are adapters, also those whose dialect is not read. */
const required =
  /\bdbt-(postgres|duckdb|snowflake|spark|databricks|bigquery|trino|starburst|athena|redshift|clickhouse|sqlserver|fabric|synapse|oracle|mysql|teradata|dremio|vertica|exasol|firebolt|materialize|risingwave|glue|starrocks|doris|sqlite|hive|impala|greenplum|singlestore)\b/g;

/** The adapters that the lists of requirements name in the project's folder and those above it. */
function requiredFor(files: ProjectFiles, folder: string): string[] {
  const steps = folder === '' ? [] : folder.split('/');
  const folders = ['', ...steps.map((_, at) => steps.slice(0, at + 1).join('/'))];
  const texts = folders.flatMap((one) => lists.map((name) => files.text(inside(one, name)) ?? ''));
  return [...texts.join('\n').matchAll(required)].map((found) => found[1] ?? '');
}
