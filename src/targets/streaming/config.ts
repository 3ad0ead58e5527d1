import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** One Structured Streaming application, as headgate.yaml declares it. */
export const StreamingPart = z.strictObject({
  path: folderPath().describe('Folder that holds the application'),
  main: z
    .string()
    .min(1)
    .optional()
    .describe('Application file, inside path; every file that starts a query when absent'),
  args: z.array(z.string()).optional(),
  conf: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  packages: z.array(z.string()).optional().describe('Maven coordinates'),
  env: z.record(z.string(), z.string()).optional(),
  reads: z.array(z.string()).optional().describe('Keys of the assets that the query reads'),
  writes: z.array(z.string()).optional().describe('Keys of the assets that the query writes'),
});
export type StreamingPart = z.infer<typeof StreamingPart>;
