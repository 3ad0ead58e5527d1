import ignore from 'ignore';
import { normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { checkTypes } from '../python-types/check-types.ts';
import { AirflowPart } from './config.ts';

export const types: TargetCheck = {
  name: 'python-types',
  title: 'The Python of the DAGs passes mypy with the repository’s settings',
  // mypy follows imports out of the part.
  dependsOn: ['project-files', 'ignored-files', 'settings', 'runtime'],
  reads: () => (path) => /\.(?:pyi?|toml|cfg|ini)$/.test(path),
  weight: { cores: 1, memoryMb: 700 },
  async run(input) {
    const { dags, paths = [], legacy = [] } = AirflowPart.parse(input.part.settings);
    const rules = ignore().add(legacy);
    const isLeftOut = (path: string) => rules.ignores(path);
    return checkTypes(input, { folders: [dags, ...paths].map(normalFolder), runtime: 'airflow', isLeftOut });
  },
};
