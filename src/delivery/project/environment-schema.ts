import { z } from 'zod';
import { duration, partName } from './project-schema.ts';

const gates = z.strictObject({
  approvals: z.number().int().min(0).optional().describe('How many people must approve'),
  'approver-roles': z.array(z.string()).optional(),
  'separate-author': z.boolean().optional().describe('Whoever wrote the change may not approve it'),
  'required-checks': z.array(z.string()).optional().describe('Names of checks that must have passed'),
  'require-locked-runtime': z
    .boolean()
    .optional()
    .describe('Whether each target must say that it runs what headgate.lock holds'),
  'approval-valid': duration.optional().describe('How long an approval lasts, for example 24h'),
});

const secretReference = z
  .string()
  .regex(/^[a-z][a-z0-9-]*:.+$/, 'must be a reference such as env:NAME or file:/path, never the secret itself');

/** The fields of environments/<name>.yaml, one by one. */
export const environmentFields = {
  environment: partName.optional().describe('Name of the environment; the name of the file when absent'),
  after: partName.nullish().describe('Environment in which a release must have ended well before this one'),
  promote: z
    .enum(['automatic', 'manual'])
    .optional()
    .describe('Whether a release that ended well in `after` comes here by itself'),
  gates: gates.optional().describe('What must hold before a release goes in'),
  targets: z.record(z.string(), z.record(z.string(), z.json())).optional().describe('Where and how, by target id'),
  values: z.record(z.string(), z.json()).optional().describe('Values of this environment by logical name'),
  secrets: z.record(z.string(), secretReference).optional().describe('Where each secret is'),
};

/** The whole of an environment file. */
export const environmentFileSchema = z.strictObject(environmentFields);
