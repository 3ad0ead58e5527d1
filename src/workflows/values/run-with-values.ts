import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fail, messageOf } from '../../base/errors.ts';
import { redactedStream } from '../../base/redact.ts';
import { type ToolOrder, toolProcess } from './tool-values.ts';

export type RunWithValues = ToolOrder & {
  /** Program and arguments; no shell reads them. */
  command: readonly string[];
  cwd: string;
  write(stream: 'stdout' | 'stderr', text: string): void;
};

/**
 * Starts a command with what the part's tool is told as variables of its process, secrets included; the rest of its
 * environment is this process's. What it prints goes through `write` with every secret blotted out. Gives its exit status; 128
 * and the signal's number when a signal ended it.
 * @throws as `toolProcess`, and command-not-started
 */
export async function runWithValues(run: RunWithValues): Promise<number> {
  const told = await toolProcess(run);
  const [program = '', ...words] = run.command;
  const child = spawn(program, words, {
    cwd: run.cwd,
    env: { ...process.env, ...told },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const stream = redactedStream((text) => run.write(name, text));
    child[name].setEncoding('utf8').on('data', stream.take);
    return stream;
  });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  // The terminal sends an interrupt to both; the child decides what becomes of it.
  const leaveToChild = () => undefined;
  process.on('SIGTERM', passOn).on('SIGINT', leaveToChild);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) =>
        reject(fail('command-not-started', { program, because: messageOf(error) }, error)),
      );
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  } finally {
    process.off('SIGTERM', passOn).off('SIGINT', leaveToChild);
    for (const stream of streams) stream.end();
  }
}
