import { z } from 'zod';
import { filePath, folderPath } from '../../model/path-schema.ts';

/** A folder with one Terraform stack, as headgate.yaml declares it. */
export const TerraformPart = z.strictObject({
  path: folderPath().describe('Folder with one Terraform stack'),
  variables: z
    .record(z.string(), z.json())
    .optional()
    .describe('What the stack gets as input variables; may hold ${values.x} and ${secrets.x}'),
  plan: filePath().optional().describe('File with `terraform show -json` of a saved plan, made by CI before the check'),
});
export type TerraformPart = z.infer<typeof TerraformPart>;
