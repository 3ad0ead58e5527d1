import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createPrinter } from '../../src/cli/print.ts';
import { serve } from '../../src/server/serve.ts';
import type { Target, TargetConnection } from '../../src/targets/contract.ts';
import { targetById } from '../../src/targets/registry.ts';

/**
 * A control plane in a process of its own, whose real Spark target can be told by files in `trouble` to be slow
 * (`wait`: it says come back in a second while the file is there) or to be away (`away`).
 * Arguments: data folder, database address or `-`, token file, trouble folder.
 */
const [folder = '', database = '-', tokenFile = '', trouble = ''] = process.argv.slice(2);

function troubled(id: string): Target {
  const target = targetById(id);
  const { delivery } = target;
  if (delivery === null || id !== 'spark') return target;
  return {
    ...target,
    delivery: { ...delivery, connect: async (settings, world) => hindered(await delivery.connect(settings, world)) },
  };
}

function hindered(connection: TargetConnection): TargetConnection {
  return {
    ...connection,
    async inspect() {
      if (await told('away')) throw new Error('the target is away');
      return connection.inspect();
    },
    async act(step, direction, mark) {
      if (direction === 'forward' && step.kind === 'switch' && (await told('wait'))) {
        return { outcome: 'waiting', for: 'the file to go', againInSeconds: 1 };
      }
      return connection.act(step, direction, mark);
    },
  };
}

function told(name: string): Promise<boolean> {
  return access(join(trouble, name)).then(
    () => true,
    () => false,
  );
}

const print = createPrinter(true);
const serving = await serve({
  folder,
  databaseUrl: database === '-' ? null : database,
  host: '127.0.0.1',
  port: 0,
  insecureListen: false,
  tokenFile,
  newOperatorToken: false,
  version: 'test',
  target: troubled,
  pause: async () => undefined,
  log: (kind, text) => print.warn(`${kind}: ${text}`),
});
print.result({ url: serving.url }, () => []);
process.once('SIGTERM', () => void serving.stop());
