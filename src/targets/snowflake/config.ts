import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** A folder with DDL scripts, as headgate.yaml declares it. */
export const SnowflakePart = z.strictObject({ path: folderPath().describe('Folder with DDL scripts') });
export type SnowflakePart = z.infer<typeof SnowflakePart>;
