import { spawn } from 'node:child_process';
import { messageOf } from './errors.ts';
import { atTheEnd } from './last-acts.ts';

/** `env` is the whole environment of the tool; see childEnv. `input` is written to its standard input. */
export type ToolOrder = {
  argv: readonly string[];
  cwd: string;
  env: Record<string, string>;
  signal?: AbortSignal | undefined;
  input?: string;
  /** Characters kept of each output; what comes after is dropped. 8 million when absent. */
  keep?: number;
};

/** `status` is null when it was ended by a signal or could not be started; `failure` then says why. */
export type ToolEnd = {
  status: number | null;
  signal: NodeJS.Signals | null;
  failure: string | null;
  out: string;
  err: string;
  seconds: number;
  truncated: boolean;
};

const KEEP = 8_000_000;
/** What the tool started may hold its output open for longer than the tool lives: it is over when nothing has come for so long, twice. */
const LAST_WORDS_MILLISECONDS = 500;

/**
 * Runs a program to its end, in a process group of its own that is ended with it, whatever it has started. Never throws for
 * what the program does. Once `signal` is aborted, or this process is ended, all of the group is killed.
 */
export function runTool(order: ToolOrder): Promise<ToolEnd> {
  const [program = '', ...args] = order.argv;
  const started = performance.now();
  const keep = order.keep ?? KEEP;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: order.cwd,
      env: order.env,
      detached: true,
      stdio: [order.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    const texts = { out: '', err: '' };
    let truncated = false;
    let heard = 0;
    const take = (name: 'out' | 'err') => (text: string) => {
      heard += 1;
      const room = keep - texts[name].length;
      if (text.length > room) truncated = true;
      texts[name] += text.slice(0, Math.max(0, room));
    };
    child.stdout?.setEncoding('utf8').on('data', take('out'));
    child.stderr?.setEncoding('utf8').on('data', take('err'));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(order.input);
    const stop = () => endGroup(child.pid);
    const forget = atTheEnd(stop);
    order.signal?.addEventListener('abort', stop, { once: true });
    if (order.signal?.aborted === true) stop();
    let ended = false;
    const end = (status: number | null, signal: NodeJS.Signals | null, failure: string | null) => {
      if (ended) return;
      ended = true;
      forget();
      order.signal?.removeEventListener('abort', stop);
      endGroup(child.pid);
      resolve({ status, signal, failure, ...texts, seconds: (performance.now() - started) / 1000, truncated });
    };
    child.on('error', (error) => end(null, null, messageOf(error)));
    child.on('exit', (status, signal) => {
      const why = signal === null ? null : `it was ended by ${signal}`;
      child.on('close', () => end(status, signal, why));
      endGroup(child.pid);
      // A timer that is late, because this process was busy, says nothing of what waits to be read: that comes after it.
      const listen = (before: number, quiet: number) => {
        if (quiet === 2) end(status, signal, why);
        else if (!ended)
          setTimeout(() => listen(heard, heard === before ? quiet + 1 : 0), LAST_WORDS_MILLISECONDS).unref();
      };
      listen(-1, 0);
    });
  });
}

/** The group of a program that was started detached has the program's own id. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    return;
  }
}

/** Why a tool that did not do as it should has no answer: never an empty text. */
export function whyNothing({ status, failure, out, err }: Pick<ToolEnd, 'status' | 'failure' | 'out' | 'err'>): string {
  const said = (err || out).trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return [failure ?? `it ended with ${status}`, said].filter((one) => one !== '').join(': ');
}
