import { z } from 'zod';

/** `{home: '/srv/airflow/dags/_headgate'}`: a folder that the machines which run the code can read. */
export const FolderHome = z.strictObject({ provider: z.literal('folder').default('folder'), home: z.string().min(1) });

/** An S3 prefix. `endpoint` only for stores other than Amazon's own. Credentials come from the usual AWS places. */
export const S3Home = z.strictObject({
  provider: z.literal('s3'),
  bucket: z.string().min(3),
  prefix: z.string().default(''),
  region: z.string().min(1),
  endpoint: z.url().nullable().default(null),
});

export const HomeSettings = z.union([FolderHome, S3Home]);
export type HomeSettings = z.infer<typeof HomeSettings>;
export type S3Place = Omit<z.infer<typeof S3Home>, 'provider'>;
