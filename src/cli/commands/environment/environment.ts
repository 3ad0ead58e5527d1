import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fail, messageOf } from '../../../base/errors.ts';
import { readEnvironment } from '../../../delivery/project/parse-environment.ts';
import { openClient } from '../../client.ts';
import type { Command, Invocation } from '../../command.ts';

/** `headgate environment set`: see docs/control-plane.md for the JSON shape. */
export const environmentSet: Command = {
  words: ['environment', 'set'],
  summary: 'Register an environment from its file: its place in the chain, gates, targets and secret references',
  arguments: ['<file>'],
  options: [],
  run: runSet,
};

/** `headgate environment list` */
export const environmentList: Command = {
  words: ['environment', 'list'],
  summary: 'List the registered environments',
  arguments: [],
  options: [],
  async run({ print }) {
    const environments = await (await openClient()).environments();
    print.result({ environments }, () =>
      environments.map(
        ({ name, after, promote, gates, targets }) =>
          `${name.padEnd(12)} after ${(after ?? '-').padEnd(12)} ${promote.padEnd(10)} approvals ${gates.approvals}  targets ${Object.keys(targets).join(', ')}`,
      ),
    );
    return 0;
  },
};

async function runSet({ arguments: [file = ''], cwd, print }: Invocation) {
  const path = resolve(cwd, file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw fail('environment-file-invalid', { file, problem: messageOf(error) }, error);
  });
  const { found, findings } = readEnvironment(basename(path), text);
  const wrong = findings.find(({ status, severity }) => status === 'failed' && severity === 'error') ?? null;
  if (found === null || wrong !== null) {
    const where = wrong?.line === null || wrong === null ? '' : `line ${wrong.line}: `;
    throw fail('environment-file-invalid', { file, problem: `${where}${wrong?.message ?? 'it holds no environment'}` });
  }
  const { name, after, promote, gates, targets, secrets } = found.environment;
  const set = await (await openClient()).setEnvironment({ name, after, promote, gates, targets, secrets });
  print.result(set, () =>
    set.changes.length === 0
      ? [`${name} was registered like this already`]
      : [`${name} is registered:`, ...set.changes.map((change) => `  ${change}`)],
  );
  return 0 as const;
}
