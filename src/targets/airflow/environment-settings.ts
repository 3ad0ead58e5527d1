import { z } from 'zod';

const common = {
  url: z.url().describe('Address of the Airflow web server, without /api/v1'),
  username: z.string().min(1),
  password: z
    .string()
    .min(1)
    .describe('Where the password is: a secret of the environment, or a reference such as env:NAME'),
  'verify-seconds': z.int().min(1).default(300).describe('How long Airflow may take to read a new DAG file'),
  'sync-seconds': z.int().min(0).describe('How long until every machine of Airflow has a file that was written'),
  'start-new-dags': z
    .boolean()
    .default(false)
    .describe(
      'Whether a DAG that Airflow did not know is let go at once; else Airflow decides, which makes new ones paused',
    ),
  'stop-running': z.boolean().default(false).describe('Whether disable also ends runs under way, as failed'),
};

/** A DAGs folder on a disk that Airflow reads. */
const FolderEnvironment = z.strictObject({
  ...common,
  provider: z.literal('folder').default('folder'),
  dags: z.string().min(1),
  'sync-seconds': common['sync-seconds'].default(0),
});

/** A DAGs prefix in S3, as MWAA reads it. */
const S3Environment = z.strictObject({
  ...common,
  provider: z.literal('s3'),
  bucket: z.string().min(3),
  prefix: z.string().min(1).default('dags'),
  region: z.string().min(1),
  endpoint: z.url().nullable().default(null),
  'sync-seconds': common['sync-seconds'].default(60),
});

/** Where DAGs are delivered to, and the REST API of the Airflow that reads them. */
export const AirflowEnvironment = z.union([FolderEnvironment, S3Environment]);
export type AirflowEnvironment = z.infer<typeof AirflowEnvironment>;
