import { z } from 'zod';
import { folderPath } from '../../model/path-schema.ts';

/** A folder with OpenLineage run events, as headgate.yaml declares it. */
export const OpenLineagePart = z.strictObject({
  path: folderPath().describe('Folder with OpenLineage events: .json (one, or a list) and .jsonl (one a line)'),
  jobs: z
    .record(z.string(), z.string())
    .optional()
    .describe('Which asset a job is, by `<namespace>/<name>` (`*` for anything): the first pattern that matches'),
});
export type OpenLineagePart = z.infer<typeof OpenLineagePart>;
