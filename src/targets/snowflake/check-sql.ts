import { partKey } from '../../model/identifiers.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { lintFolder, lintWeight } from '../sql-lint/lint-folder.ts';
import { SnowflakePart } from './config.ts';

export const sqlLint: TargetCheck = {
  name: 'sql-lint',
  title: 'The SQL of the scripts has no likely mistakes and passes the repository’s sqlfluff rules',
  dependsOn: ['part-files', 'settings', 'runtime', 'base'],
  weight: lintWeight,
  budgetSeconds: 900,
  async run(input) {
    const folder = normalFolder(SnowflakePart.parse(input.part.settings).path);
    const paths = input.files.entries
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.sql') && isInside(path, folder));
    const told = { title: sqlLint.title, subject: partKey('snowflake', input.part.name) };
    return lintFolder(input, { folder, paths, macros: [], dialect: 'snowflake', saidBy: [], told });
  },
};
