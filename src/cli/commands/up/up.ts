import { resolve } from 'node:path';
import { bringUp, type UpStack } from '../../../workflows/stack/bring-up.ts';
import { type Command, option, textOption } from '../../command.ts';

/** `headgate up`: see docs/local-stack.md for the JSON shape. */
export const up: Command = {
  words: ['up'],
  summary: 'Run the locked stack of the project on this machine: Airflow and Postgres',
  arguments: ['[folder]'],
  options: [
    option('--environment <name>', 'environment whose values, folders and ports are used (default: the first)'),
  ],
  async run(invocation) {
    const stack = await bringUp({
      folder: resolve(invocation.cwd, invocation.arguments[0] ?? '.'),
      environment: textOption(invocation, 'environment'),
      onProgress: (text) => invocation.print.progress(text),
    });
    invocation.print.result(stack, () => lines(stack));
    return 0;
  },
};

function lines({ environment, airflow, postgres, secretsFile, passwordVariable }: UpStack): string[] {
  const signIn =
    passwordVariable === null
      ? `as ${airflow.username}; the password is in stack/secrets.json beside ${secretsFile}`
      : `as ${airflow.username}; the password is ${passwordVariable} in ${secretsFile} (or in your environment)`;
  return [
    `${environment} is up${airflow.reused ? ' (it was already)' : ''}.`,
    ...(airflow.ended.length === 0
      ? []
      : [`  Airflow was started again: its ${airflow.ended.join(' and ')} had ended.`]),
    ...(airflow.locked ? [] : ['  Airflow runs what Headgate ships, for headgate.lock says nothing of it.']),
    `  Airflow   ${airflow.url}  sign in ${signIn}`,
    `  DAGs      ${airflow.dags}  (releases arrive here; do not edit)`,
    ...postgres.databases.map(
      ({ connection, database, role }) =>
        `  Postgres  ${postgres.host}:${postgres.port}/${database}  role ${role}  (connection ${connection})`,
    ),
    'Stop it with `headgate down`.',
  ];
}
