import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** One dbt project, as headgate.yaml declares it. */
export const DbtPart = z.strictObject({
  path: folderPath().describe('Folder that holds dbt_project.yml'),
  'profile-target': z.string().optional().describe('What dbt gets as --target'),
  vars: z.record(z.string(), z.json()).optional().describe('What dbt gets as --vars; may hold ${values.x}'),
  env: z
    .record(z.string(), z.string())
    .optional()
    .describe('Environment variables that profiles.yml reads with env_var(); may hold ${values.x} and ${secrets.x}'),
  'source-data': folderPath()
    .optional()
    .describe(
      'Folder of `<source>/<table>.csv` that stand for the sources in a rehearsal; source-data of the project when absent',
    ),
  build: z.boolean().optional().describe('Whether `dbt build` runs when a release is rolled out'),
});
export type DbtPart = z.infer<typeof DbtPart>;
