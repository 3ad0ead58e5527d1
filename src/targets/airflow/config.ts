import { z } from 'zod';
import { filePath, folderPath } from '../../model/path-schema.ts';

const template = z.string().describe('May hold ${values.x} and ${secrets.x}');
const port = z.union([z.number().int(), z.string()]).optional();

/** An Airflow Connection, from values and secrets of the environment. */
const AirflowConnection = z.strictObject({
  type: z.string().describe('Airflow connection type, for example postgres'),
  host: template.optional(),
  port,
  schema: template.optional(),
  login: template.optional(),
  password: template.optional(),
  description: z.string().optional(),
  extra: z.record(z.string(), z.json()).optional(),
});
export type AirflowConnection = z.infer<typeof AirflowConnection>;

/** One Airflow folder of the project, as headgate.yaml declares it. */
export const AirflowPart = z.strictObject({
  dags: folderPath().describe('Folder that Airflow would read'),
  paths: z.array(folderPath()).optional().describe('Further folders put on sys.path'),
  requirements: filePath().optional().describe('Python requirements of the DAGs'),
  tests: z.array(folderPath()).optional().describe('Folders of its tests; those beside or above the DAGs when absent'),
  legacy: z.array(z.string()).optional().describe('Globs of DAG files that are copied as they are'),
  variables: z
    .union([z.literal('all'), z.array(z.string())])
    .optional()
    .describe('Which values become Airflow Variables; all when absent'),
  connections: z.record(z.string(), AirflowConnection).optional(),
  pools: z.record(z.string(), z.number().int().min(1)).optional().describe('Slots by pool'),
});
export type AirflowPart = z.infer<typeof AirflowPart>;
