import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../src/server/openapi.ts';

// The version of the API document that is kept is 0: it changes with the API, not with every version of Headgate.
const file = join(import.meta.dirname, '..', 'docs', 'openapi.json');
writeFileSync(file, `${JSON.stringify(openApiDocument('0'), null, 2)}\n`);
