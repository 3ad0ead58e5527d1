import { resolve } from 'node:path';
import { writeLock } from '../../../workflows/lock/write-lock.ts';
import { readProject } from '../../../workflows/project/read-project.ts';
import { type Command, flagOption, option } from '../../command.ts';

/** `headgate lock`: see docs/lock.md for the file. With --check: 0 current, 1 not. */
export const lock: Command = {
  words: ['lock'],
  summary: 'Write headgate.lock: exactly what the project runs on',
  arguments: ['[folder]'],
  options: [
    option('--check', 'only tell whether the lock is current; write nothing'),
    option('--upgrade', 'take newer versions also where the locked ones still fit'),
  ],
  async run(invocation) {
    const { print, cwd } = invocation;
    const reading = await readProject(resolve(cwd, invocation.arguments[0] ?? '.'));
    const check = flagOption(invocation, 'check');
    const outcome = await writeLock({
      ...{ reading, check, upgrade: flagOption(invocation, 'upgrade') },
      onProgress: ({ message }) => print.progress(message),
    });
    print.result(outcome, () => [
      ...outcome.changes.map((change) => `  ${change}`),
      outcome.written
        ? `Wrote ${outcome.path}.`
        : outcome.current
          ? `${outcome.path} is current.`
          : `${outcome.path} is not current. Run \`headgate lock\`.`,
    ]);
    return outcome.current ? 0 : 1;
  },
};
