import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openApiDocument } from '../../src/server/openapi.ts';

test('docs/openapi.json is what the control plane serves', async () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');
  const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(
    kept,
    JSON.parse(JSON.stringify(openApiDocument('0'))),
    'write it anew with scripts/write-openapi.ts',
  );
});
