import { z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { isProjectPath } from '../../model/path-schema.ts';

const name = z.string().min(1);
const duration = z.string().refine((text) => parseDuration(text) !== null, 'must be a duration such as 45m, 24h or 7d');
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2025-12-31')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a day that there is')
  .describe('The last day on which it counts');
const because = name.describe('Why, for whoever reads it later');
const checkName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable');
const inProject = z.string().refine(isProjectPath, 'must be a path inside the project, relative to its root');

/** A check of the team's own, as headgate.yaml declares it. */
const OwnCheckFields = z
  .strictObject({
    name: checkName.describe('Permanent name; the check of each of its findings'),
    title: name.optional().describe('What it answers, as a statement that holds when it passes'),
    command: z.array(name).min(1).describe('Program and arguments; no shell reads them'),
    inputs: z.array(name).min(1).describe('Globs of all files that decide its answer'),
    folder: inProject.optional().describe('Where it is started; the root when absent'),
    report: z.enum(['exit-status', 'junit', 'sarif', 'json-lines', 'regex']).describe('What its output is'),
    'report-file': inProject.optional().describe('The file that it writes; its standard output when absent'),
    pattern: name.optional().describe('For regex: groups named path, line, message, by line of the output'),
    severity: z.enum(['error', 'warning', 'note']).optional().describe('error when absent'),
    budget: duration.optional().describe('Past this it could not tell; 5m when absent'),
    variables: z.array(variable).optional().describe('Environment variables that it gets and that decide its answer'),
    runtime: name
      .optional()
      .describe(
        'Python that stands first in its PATH: airflow, dbt or spark of Headgate, or the folder of a virtual environment',
      ),
    'may-flake': z.boolean().optional().describe('Runs tests: what fails is tried again'),
  })
  .refine((own) => own.report !== 'regex' || isPattern(own.pattern), {
    path: ['pattern'],
    message: 'must be a regular expression with a group named message',
  });

const WaiverFields = z
  .strictObject({
    check: name.describe('Name of a check; a trailing * takes all that begin so'),
    path: name.optional().describe('Glob of the files that it is about; all when absent'),
    asset: name.optional().describe('Key of the asset that it is about; * within a name, ** across'),
    severity: z.enum(['error', 'warning', 'note', 'off']).optional().describe('What counts instead; off when absent'),
    because,
    until: day,
  })
  .describe('What a finding counts until a day, with the reason');

const QuarantineFields = z
  .strictObject({
    test: name.describe('Name of a test as `headgate flaky` tells it; * within a name, ** across'),
    owner: name.describe('Who mends it'),
    because,
    until: day,
  })
  .describe('A test whose failure stops no release until that day');

const SettingsFields = z.strictObject({
  budget: duration.optional().describe('Time that each check has, where it does not say itself'),
  budgets: z.record(name, duration).optional().describe('Time by name of the check'),
  retries: z.number().int().min(0).max(5).optional().describe('How often a failing test is run again; 2 when absent'),
  'shared-cache': name.optional().describe('Folder or s3://bucket/prefix with answers that others have made'),
  'trusted-refs': z.array(name).optional().describe('Branches whose builds may write to the shared cache'),
});

/** The fields of headgate.yaml that say how it is checked. */
export const checkingFields = {
  checks: z.array(OwnCheckFields).optional().describe('Checks of your own'),
  'check-settings': SettingsFields.optional().describe('Time, retries and the shared cache of checks'),
  waivers: z.array(WaiverFields).optional(),
  quarantine: z.array(QuarantineFields).optional(),
};
export type CheckingFields = { [Field in keyof typeof checkingFields]?: z.infer<(typeof checkingFields)[Field]> };

function isPattern(text: string | undefined): boolean {
  try {
    return text !== undefined && new RegExp(text).source.includes('(?<message>');
  } catch {
    return false;
  }
}
