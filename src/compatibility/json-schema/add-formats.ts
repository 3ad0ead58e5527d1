import type { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { knownFormats } from './formats.ts';

/** Gives ajv the formats that the comparison holds to; all others say nothing. */
export function addFormats(ajv: Pick<Ajv, 'addFormat'>): void {
  for (const [name, format] of Object.entries(fullFormats)) if (knownFormats.has(name)) ajv.addFormat(name, format);
}
