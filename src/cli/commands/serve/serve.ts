import { join, resolve } from 'node:path';
import { fail } from '../../../base/errors.ts';
import { type Serving, serve } from '../../../server/serve.ts';
import { targetById } from '../../../targets/registry.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { headgateVersion } from '../version/show.ts';

/** `headgate serve`: see docs/control-plane.md. */
export const serveCommand: Command = {
  words: ['serve'],
  summary: 'Start the control plane: its API, its workers and, by default, its own Postgres',
  arguments: [],
  options: [
    option(
      '--data <folder>',
      'where bundles, keys and the embedded Postgres are kept (default: .headgate/control-plane)',
    ),
    option('--database <url>', 'a Postgres of your own instead of the embedded one (or HEADGATE_DATABASE_URL)'),
    option('--port <port>', 'port to listen on; 0 takes a free one', '7717'),
    option('--host <address>', 'address to listen on', '127.0.0.1'),
    option('--insecure-listen', 'listen beyond this machine without TLS; tokens pass in the clear'),
    option('--project <folder>', 'folder that relative paths in targets are meant from (default: this one)'),
    option('--new-operator-token', 'make another operator token, for when all were lost'),
    option('--token-file <file>', 'write the first operator token to this file (mode 0600) instead of printing it'),
  ],
  run: runServe,
};

async function runServe(invocation: Invocation) {
  const { cwd, print } = invocation;
  const project = resolve(cwd, textOption(invocation, 'project') ?? '.');
  const folder = resolve(cwd, textOption(invocation, 'data') ?? join(project, '.headgate', 'control-plane'));
  const tokenFile = textOption(invocation, 'tokenFile');
  process.chdir(project);
  const serving = await serve({
    folder,
    databaseUrl: textOption(invocation, 'database') ?? (process.env.HEADGATE_DATABASE_URL || null),
    host: textOption(invocation, 'host') ?? '127.0.0.1',
    port: portOf(textOption(invocation, 'port') ?? '7717'),
    insecureListen: flagOption(invocation, 'insecureListen'),
    newOperatorToken: flagOption(invocation, 'newOperatorToken'),
    tokenFile: tokenFile === null ? null : resolve(cwd, tokenFile),
    version: headgateVersion(),
    target: targetById,
    pause: async () => undefined,
    log: (kind, text) => print.warn(`${new Date().toISOString()} ${kind}: ${text}`),
  });
  const { url, firstToken } = serving;
  print.result({ url, firstToken, pid: process.pid }, () => greeting(serving, tokenFile));
  await untilTold();
  await serving.stop();
  return 0 as const;
}

function greeting({ url, firstToken }: Serving, tokenFile: string | null): string[] {
  const lines = [`The control plane is at ${url}`];
  if (firstToken !== null) {
    lines.push('An operator token, shown this once:', `  ${firstToken}`);
    lines.push(`Sign in with: headgate token login --url ${url}`);
  } else if (tokenFile !== null) {
    lines.push(`The operator token is in ${tokenFile} if this was the first start`);
  }
  return lines;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw fail('request-invalid', { problem: `--port ${text} is no port` });
}

function untilTold(): Promise<void> {
  return new Promise((told) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => told());
  });
}
