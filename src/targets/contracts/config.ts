import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** A folder with data contracts (ODCS), as headgate.yaml declares it. */
export const ContractsPart = z.strictObject({ path: folderPath().describe('Folder with data contracts (ODCS)') });
export type ContractsPart = z.infer<typeof ContractsPart>;
