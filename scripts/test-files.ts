import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Unit tests: beside the code in `src/`, quick, without network or runtimes. */
export function unitTestFiles(root: string): string[] {
  return testFilesUnder(join(root, 'src'));
}

/** Scenarios on real components, under `tests/`. */
export function scenarioFiles(root: string): string[] {
  return testFilesUnder(join(root, 'tests'));
}

function testFilesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
