import type { Effect } from '../../../model/change.ts';

/** Only for people and for billing. */
const harmless = ['tags', 'tags_all', 'labels', 'annotations', 'description', 'comment', 'depends_on'];
/** What most providers cannot change in place: the resource is destroyed and made anew. */
const replacing = [
  ...['name', 'name_prefix', 'bucket', 'bucket_prefix', 'identifier', 'identifier_prefix', 'cluster_identifier'],
  ...[
    'engine',
    'availability_zone',
    'availability_zones',
    'vpc_id',
    'subnet_id',
    'cidr_block',
    'region',
    'location',
    'zone',
  ],
  ...[
    'project',
    'db_name',
    'database_name',
    'database',
    'schema',
    'storage_encrypted',
    'hash_key',
    'range_key',
    'topic',
  ],
];

/** What another value of an attribute of a resource means, with the words that follow its name. */
export function attributeEffect(path: string): { effect: Effect; means: string } {
  const first = path.split(/[.[]/)[0] ?? path;
  if (harmless.includes(first)) return { effect: 'compatible', means: 'is another; nothing else of it changes' };
  if (path === 'lifecycle.prevent_destroy')
    return { effect: 'compatible', means: 'is another; the resource itself stays' };
  if (replacing.includes(path)) return { effect: 'breaking', means: 'is another: it may be destroyed and made anew' };
  return { effect: 'unknown', means: 'is another; only a plan can tell what that does' };
}
