import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { projectSchemas } from './project-schemas.ts';

test('the JSON Schemas in schemas/ are those of the reader; `node scripts/make-schemas.ts` writes them', () => {
  for (const [file, text] of Object.entries(projectSchemas())) {
    const written = readFileSync(new URL(`../../../schemas/${file}`, import.meta.url), 'utf8');
    assert.deepEqual(JSON.parse(written), JSON.parse(text), file);
  }
});
