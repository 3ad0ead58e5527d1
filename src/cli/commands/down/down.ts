import { resolve } from 'node:path';
import { takeDown } from '../../../workflows/stack/take-down.ts';
import { type Command, option, textOption } from '../../command.ts';

/** `headgate down`: stops what `headgate up` started; its data stays. */
export const down: Command = {
  words: ['down'],
  summary: 'Stop the stack that `headgate up` started; its data stays',
  arguments: ['[folder]'],
  options: [option('--environment <name>', 'environment whose stack is stopped (default: the first)')],
  async run(invocation) {
    const folder = resolve(invocation.cwd, invocation.arguments[0] ?? '.');
    const stopped = await takeDown(folder, textOption(invocation, 'environment'));
    invocation.print.result(stopped, () => [
      `${stopped.environment}: Airflow ${said[stopped.airflow]}, Postgres ${said[stopped.postgres]}.`,
    ]);
    return 0;
  },
};

const said = { stopped: 'stopped', 'not-running': 'was not running', kept: 'kept for another environment' };
