import { resolve } from 'node:path';
import { exitOf } from '../../../delivery/checks/report.ts';
import { openCheckCache } from '../../../workflows/checks/open-check-cache.ts';
import { runChecks } from '../../../workflows/checks/run-checks.ts';
import { buildCatalog } from '../../../workflows/project/build-catalog.ts';
import { readProject } from '../../../workflows/project/read-project.ts';
import {
  type Command,
  flagOption,
  type Invocation,
  listOption,
  option,
  repeatable,
  textOption,
} from '../../command.ts';
import { reportOptions, reportWish, tellReport } from './tell-report.ts';

/** `headgate check`: see docs/checks.md for the checks and the JSON shape. */
export const check: Command = {
  words: ['check'],
  summary: 'Check the project: DAGs, dbt, Python, values, secrets and the runtime lock',
  arguments: ['[folder]'],
  options: [
    repeatable('--only <check>', 'run this check alone (several times; a trailing * takes all that begin so)'),
    option('--environment <name>', 'judge this environment alone'),
    option('--static', 'read the text only; do not start Airflow or dbt'),
    option('--slow', 'carry out the checks that take long as well'),
    option('--no-cache', 'carry out every check, whatever is known of it'),
    option('--all', 'show passed and skipped checks one by one as well'),
    ...reportOptions,
  ],
  run: runCheck,
};

async function runCheck(invocation: Invocation) {
  const { print, cwd } = invocation;
  const environment = textOption(invocation, 'environment');
  const wish = reportWish(invocation);
  print.progress('Reading the project ...');
  const reading = await readProject(resolve(cwd, invocation.arguments[0] ?? '.'));
  print.progress('Reading DAGs and models ...');
  const exact = flagOption(invocation, 'static') ? 'never' : 'auto';
  const cache = flagOption(invocation, 'cache') ? openCheckCache() : null;
  const catalog = await buildCatalog(reading, { exact, environment, cache });
  const report = await runChecks({
    ...{ reading, catalog, environment, only: listOption(invocation, 'only'), exact, cache },
    slow: flagOption(invocation, 'slow'),
    onProgress: ({ done, total, check: name }) => print.progress(`[${done}/${total}] ${name}`),
  });
  await cache?.close();
  tellReport(invocation, report, { wish, folder: reading.root });
  return exitOf(report);
}
