import { join } from 'node:path';
import { ensureTool } from '../../base/python/ensure-tool.ts';
import { runExpectations } from '../../base/python/run-expectations.ts';
import { findSuites } from '../../delivery/checks/expectations/find-suites.ts';
import { judgeSuites } from '../../delivery/checks/expectations/judge-suites.ts';
import { errored, skipped, withoutTool } from '../../model/check-finding.ts';
import type { ProjectCheck } from './project-check.ts';

const NAME = 'great-expectations';

export const greatExpectations: ProjectCheck = {
  name: NAME,
  title: 'The suites of Great Expectations hold on seeds and source data',
  dependsOn: ['project-files', 'runtime'],
  slow: true,
  weight: { cores: 1, memoryMb: 600 },
  reads: () => (path) => /(?:^|\/)expectations\/.*\.json$|\.csv$/.test(path),
  async run({ reading, control }) {
    const { root, files } = reading;
    const suites = findSuites(files);
    if (suites.length === 0) return [skipped(NAME, 'There are no suites of Great Expectations.')];
    const orders = suites.flatMap(({ path, expectations, data }) =>
      data === null ? [] : [{ path, expectations, data: join(root, data.path) }],
    );
    if (orders.length === 0) return judgeSuites(suites, [], files.text);
    const runtime = await ensureTool('expectations');
    if ('absent' in runtime) return [withoutTool(NAME, runtime)];
    const results = await runExpectations(runtime, orders, control?.signal);
    if ('failed' in results) {
      const message = `Great Expectations could not be asked: ${results.failed}`;
      return [
        errored(NAME, { severity: 'warning', message, hint: 'See that each data file is a CSV file with a heading.' }),
      ];
    }
    return judgeSuites(suites, results, files.text);
  },
};
