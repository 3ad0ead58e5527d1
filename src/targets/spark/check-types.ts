import { normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { checkTypes } from '../python-types/check-types.ts';
import { SparkPart } from './config.ts';

export const types: TargetCheck = {
  name: 'python-types',
  title: 'The Python of the job passes mypy with the repository’s settings',
  // mypy follows imports out of the part.
  dependsOn: ['project-files', 'ignored-files', 'settings', 'runtime'],
  reads: () => (path) => /\.(?:pyi?|toml|cfg|ini)$/.test(path),
  weight: { cores: 1, memoryMb: 500 },
  async run(input) {
    const folder = normalFolder(SparkPart.parse(input.part.settings).path);
    const isTest = (path: string) => /(?:^|\/)(?:tests?\/|test_[^/]*$|conftest\.py$)/.test(path.slice(folder.length));
    return checkTypes(input, { folders: [folder], runtime: 'spark', isLeftOut: isTest });
  },
};
