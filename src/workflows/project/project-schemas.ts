import { z } from 'zod';
import { environmentFileSchema } from '../../delivery/project/environment-schema.ts';
import { projectFileSchema } from '../../delivery/project/project-schema.ts';
import { partSchemas } from './read-project.ts';

/** The JSON Schemas that give editors completion, by file name in schemas/. Made from what the reader itself uses. */
export function projectSchemas(): { [file: string]: string } {
  return {
    'headgate.schema.json': schemaText(projectFileSchema(partSchemas()), 'headgate.yaml'),
    'environment.schema.json': schemaText(environmentFileSchema, 'An environment of a Headgate project'),
  };
}

function schemaText(schema: z.ZodType, title: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`;
}
