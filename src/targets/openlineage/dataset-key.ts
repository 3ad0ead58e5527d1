import { storageKey, tableKey, topicKey } from '../../model/data-keys.ts';
import type { AssetKey } from '../../model/identifiers.ts';
import type { EventDataset } from './run-event.ts';

const storage = /^(s3[an]?|gs|gcs|abfss?|wasbs?|adl|hdfs|dbfs|oss|file|local)$/;
const tables =
  /^(snowflake|postgres|postgresql|redshift|mysql|oracle|sqlserver|mssql|hive|trino|presto|bigquery|databricks|unitycatalog|duckdb|cassandra|teradata|db2|spanner|arn|awsglue|spark|iceberg|clickhouse|vertica)$/;

/**
 * The key of a dataset by the names that OpenLineage gives to data: `kafka://host`, `s3://bucket`, `snowflake://account`, `postgres://host:port`,
 * `hive://host:port`, `arn:aws:glue:...`. A table that is said to lie in files is the table. Null where the namespace is none of these.
 */
export function datasetKey(dataset: Pick<EventDataset, 'namespace' | 'name' | 'facets'>): AssetKey | null {
  const linked = dataset.facets?.symlinks?.identifiers?.find(({ type }) => type.toUpperCase() === 'TABLE');
  const own = keyOf(dataset.namespace, dataset.name);
  return linked === undefined ? own : (keyOf(linked.namespace, linked.name) ?? tableKey(linked.name) ?? own);
}

function keyOf(namespace: string, name: string): AssetKey | null {
  const scheme = /^[a-z][\w+.-]*/i.exec(namespace)?.[0].toLowerCase() ?? '';
  if (scheme === 'kafka') return topicKey(name);
  if (storage.test(scheme)) {
    const root = scheme === 'file' || scheme === 'local' ? '' : namespace.replace(/\/+$/, '');
    return storageKey(`${root.includes('://') || root === '' ? root : `${root}:`}/${name.replace(/^\/+/, '')}`);
  }
  // Glue names a table `table/<database>/<table>`.
  return tables.test(scheme) ? tableKey(name.replace(/^table\//, '').replaceAll('/', '.')) : null;
}
