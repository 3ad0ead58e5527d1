import { z } from 'zod';
import { FolderHome, S3Home } from '../release-home/home-settings.ts';

const more = {
  python: z.string().min(1).nullable().default(null).describe('Python that has dbt; the shipped runtime when absent'),
  runs: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder for the logs of builds; beside the home when absent'),
};

/** Where dbt projects are delivered to: a release home, and how to build there. */
export const DbtEnvironment = z.union([FolderHome.extend(more), S3Home.extend(more)]);
export type DbtEnvironment = z.infer<typeof DbtEnvironment>;
