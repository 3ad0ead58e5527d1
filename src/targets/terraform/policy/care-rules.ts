import type { PolicyRule } from './policy-rule.ts';
import { blocksOf, isGiven, literal, type Resource } from './resources.ts';

/** The field that encrypts what is stored, by type; all are off when absent. */
const ENCRYPTED_BY: { [type: string]: string } = {
  aws_db_instance: 'storage_encrypted',
  aws_docdb_cluster: 'storage_encrypted',
  aws_ebs_volume: 'encrypted',
  aws_efs_file_system: 'encrypted',
  aws_elasticache_replication_group: 'at_rest_encryption_enabled',
  aws_neptune_cluster: 'storage_encrypted',
  aws_rds_cluster: 'storage_encrypted',
  aws_redshift_cluster: 'encrypted',
};

/** Types that hold data or state which is gone when they are deleted. */
export const STATEFUL =
  /^(?:aws_(?:s3_bucket|db_instance|rds_cluster|dynamodb_table|efs_file_system|ebs_volume|redshift_cluster|redshiftserverless_namespace|msk_cluster|kinesis_stream|elasticache_replication_group|opensearch_domain|docdb_cluster|neptune_cluster|glue_catalog_database|glue_catalog_table|kms_key|secretsmanager_secret|sqs_queue|ecr_repository|lakeformation_resource|mwaa_environment)|google_(?:storage_bucket|sql_database_instance|bigquery_dataset|bigquery_table|pubsub_topic|spanner_\w+)|azurerm_(?:storage_account|storage_container|mssql_database|postgresql_flexible_server|cosmosdb_account|key_vault)|snowflake_(?:database|schema|table|stage|stream|pipe)|databricks_(?:catalog|schema|sql_table|volume)|confluent_kafka_topic|kafka_topic)$/;

const LARGE = /\.(?:metal\w*|(?:8|9|1[0-9]|2[0-9]|3[0-9]|4[0-9]|5[0-9]|112)xlarge)$/;
const LARGE_WAREHOUSE = /^(?:X{2,}-?LARGE|X?[2-6]X?-?LARGE|X[2-6]LARGE)$/i;
const SIZE_FIELDS = ['instance_type', 'instance_class', 'node_type', 'broker_node_group_info', 'environment_class'];

function unencrypted({ type, body }: Resource): string[] {
  const field = ENCRYPTED_BY[type];
  if (field !== undefined && (literal(body, field) === false || (!isGiven(body, field) && !isRestored(body)))) {
    return [`\`${field}\` is not true`];
  }
  const kinesis =
    type === 'aws_kinesis_stream' && (literal(body, 'encryption_type') === 'NONE' || !isGiven(body, 'encryption_type'));
  if (kinesis) return ['`encryption_type` is not KMS'];
  const plain = blocksOf(body, 'encryption_info')
    .flatMap((info) => blocksOf(info, 'encryption_in_transit'))
    .some((transit) => String(literal(transit, 'client_broker') ?? '').includes('PLAINTEXT'));
  return type === 'aws_msk_cluster' && plain ? ['clients may talk to its brokers in plain text'] : [];
}

/** What is made from a snapshot or a replica takes its encryption from there. */
function isRestored(body: Resource['body']): boolean {
  return [
    'snapshot_identifier',
    'replicate_source_db',
    'snapshot_id',
    'replication_source_identifier',
    'global_cluster_identifier',
  ].some((name) => isGiven(body, name));
}

function easilyLost({ type, body }: Resource): string[] {
  const fields: [string, boolean][] = [
    ['force_destroy', true],
    ['skip_final_snapshot', true],
    ['force_delete', true],
  ];
  return fields
    .filter(([name, bad]) => STATEFUL.test(type) && literal(body, name) === bad)
    .map(([name]) => `\`${name}\` lets it be deleted with all that it holds`);
}

function costly({ type, body }: Resource): string[] {
  const sized = [body, ...body.blocks.map((block) => block.body)].flatMap((one) =>
    SIZE_FIELDS.flatMap((name) => {
      const size = literal(one, name);
      return typeof size === 'string' && LARGE.test(size) ? [`its \`${name}\` is \`${size}\``] : [];
    }),
  );
  if (type !== 'snowflake_warehouse') return sized;
  const size = String(literal(body, 'warehouse_size') ?? '').replaceAll(' ', '');
  const rest = literal(body, 'auto_suspend');
  return [
    ...sized,
    ...(LARGE_WAREHOUSE.test(size) ? [`its \`warehouse_size\` is \`${size}\``] : []),
    ...(isGiven(body, 'auto_suspend') && (rest === 0 || (typeof rest === 'number' && rest > 3600))
      ? ['it goes on running, and costing, when nobody uses it (`auto_suspend`)']
      : []),
  ];
}

/** What becomes of data, and of money. */
export const careRules: readonly PolicyRule[] = [
  {
    name: 'unencrypted',
    severity: 'error',
    asks: 'Is a database, volume, stream or cluster stored or spoken to without encryption?',
    hint: 'Switch encryption on. Where it exists already this replaces it: move its data first.',
    finds: unencrypted,
  },
  {
    name: 'easily-lost',
    severity: 'warning',
    asks: 'May something that holds data be deleted together with the data?',
    hint: 'Remove the field, and add `lifecycle { prevent_destroy = true }`.',
    finds: easilyLost,
  },
  {
    name: 'costly',
    severity: 'warning',
    asks: 'Is it of a size, or does it stay on in a way, that costs much?',
    hint: 'Say in a comment why it is needed (`headgate: allow costly`), or take a smaller one.',
    finds: costly,
  },
];
