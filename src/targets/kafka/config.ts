import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** A folder with topic files and schemas, as headgate.yaml declares it. */
export const KafkaPart = z.strictObject({ path: folderPath().describe('Folder with topic files and schemas') });
export type KafkaPart = z.infer<typeof KafkaPart>;
