import { mkdirSync, writeFileSync } from 'node:fs';
import { projectSchemas } from '../src/workflows/project/project-schemas.ts';

/** Writes schemas/*.json from the schemas that read headgate.yaml and the environment files. */
const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [file, text] of Object.entries(projectSchemas())) writeFileSync(new URL(file, folder), text);
