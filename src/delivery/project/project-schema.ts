import { type ZodType, z } from 'zod';
import { parseDuration } from '../../model/duration.ts';
import { folderPath } from '../../model/path-schema.ts';
import { checkingFields } from './checking-schema.ts';
import { valueTypes } from './project.ts';

/** The settings schema of each target, by target id. */
export type PartSchemas = { [target: string]: ZodType };

const name = z.string().min(1);

export const partName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be letters, digits, dots, dashes and underscores')
  .describe('Logical name of the part; unique within its target');

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'must be a duration such as 45m, 24h or 7d');

const valueDeclaration = z
  .strictObject({
    type: z.enum(valueTypes).describe('Type that the value must have in every environment'),
    description: z.string().optional(),
    default: z.json().optional().describe('Used where an environment gives no value'),
  })
  .describe('A typed value that code reads by its logical name');

export const serviceLevel = z.strictObject({
  every: duration.optional().describe('How often new data comes, for example 1h'),
  within: duration.optional().describe('How long after its due time data may come, for example 45m'),
  by: z
    .string()
    .regex(/^\d{2}:\d{2} \S+$/, 'must be HH:MM and a time zone, for example 06:00 Europe/Amsterdam')
    .optional(),
});

const assetRule = z
  .strictObject({
    owner: name.optional(),
    'service-level': serviceLevel.optional(),
    sensitivity: z.array(name).optional().describe('Labels such as SOX or PII'),
  })
  .describe('Owner, service level and sensitivity of the assets whose key matches');

const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and underscores');

/** The fields of headgate.yaml, one by one, so that one bad field does not hide the others. */
export const projectFields = {
  version: z.literal(1).describe('Version of this file format'),
  project: partName.describe('Name of the project'),
  owner: name.optional().describe('Owner of every asset that names none'),
  environments: folderPath().optional().describe('Folder with one YAML file per environment'),
  values: z.record(identifier, valueDeclaration).optional(),
  secrets: z.array(identifier).optional().describe('Logical secret names; environments say where each one is'),
  assets: z.record(z.string(), assetRule).optional().describe('By asset key; globs are allowed'),
  ignore: z.array(z.string()).optional().describe('Globs of files that are never bundled nor scanned'),
  ...checkingFields,
};

/** The whole of headgate.yaml with the settings of each target's parts. */
export function projectFileSchema(schemas: PartSchemas): ZodType {
  const parts = Object.fromEntries(
    Object.entries(schemas).map(([target, settings]) => [target, z.array(namedPart(settings)).optional()]),
  );
  return z.strictObject({
    ...projectFields,
    parts: z.strictObject(parts).optional().describe('What is delivered, by target'),
  });
}

/** The settings of a part with its name beside them, as headgate.yaml writes them. */
export function namedPart(settings: ZodType): ZodType {
  return settings instanceof z.ZodObject ? z.strictObject({ name: partName, ...settings.shape }) : settings;
}
