import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** One Spark batch job, as headgate.yaml declares it. */
export const SparkPart = z.strictObject({
  path: folderPath().describe('Folder that is packed'),
  main: z.string().min(1).describe('Application file, inside path'),
  args: z.array(z.string()).optional().describe('Arguments of the application; may hold ${values.x}'),
  conf: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  packages: z.array(z.string()).optional().describe('Maven coordinates'),
  tests: z.array(folderPath()).optional().describe('Folders of its tests; those beside or above the job when absent'),
  env: z.record(z.string(), z.string()).optional(),
  reads: z.array(z.string()).optional().describe('Keys of the assets that the job reads'),
  writes: z.array(z.string()).optional().describe('Keys of the assets that the job writes'),
});
export type SparkPart = z.infer<typeof SparkPart>;
