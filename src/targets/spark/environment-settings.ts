import { z } from 'zod';
import { FolderHome, S3Home } from '../release-home/home-settings.ts';

const more = {
  python: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Python that has pyspark; the shipped runtime when absent'),
};

/** Where Spark jobs are delivered to: a release home. */
export const SparkEnvironment = z.union([FolderHome.extend(more), S3Home.extend(more)]);
export type SparkEnvironment = z.infer<typeof SparkEnvironment>;
