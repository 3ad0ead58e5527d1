import { type Command, option, repeatable } from '../../command.ts';
import { reportOptions } from './report-options.ts';

/** `headgate check`: see docs/checks.md for the checks and the JSON shape. */
export const check: Command = {
  words: ['check'],
  summary: 'Check the project: DAGs, dbt, Python, values, secrets and the runtime lock',
  arguments: ['[folder]'],
  options: [
    repeatable('--only <check>', 'run this check alone (several times; a trailing * takes all that begin so)'),
    option('--environment <name>', 'judge this environment alone'),
    option('--base <revision>', 'lint and build what changed since this was left; the other checks look at everything'),
    option('--static', 'read the text only; do not start Airflow or dbt'),
    option('--slow', 'carry out the checks that take long as well'),
    option('--no-cache', 'carry out every check, whatever is known of it'),
    option('--cache-write', 'write what is found to the shared cache; by default only builds of trusted branches do'),
    option('--shard <i/n>', 'carry out the i-th of n shares of the checks'),
    option('--times <file>', 'how long each check took before, the same file for all shards'),
    option('--write-times <file>', 'write how long each check took'),
    option('--json-lines', 'print each finding as one line of JSON as soon as its check has ended, then the summary'),
    option('--all', 'show passed and skipped checks one by one as well'),
    ...reportOptions,
  ],
  warm: true,
  run: async (invocation) => (await import('./run-check.ts')).runCheck(invocation),
};
