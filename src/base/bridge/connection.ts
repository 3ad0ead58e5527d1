import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { fail, messageOf } from '../errors.ts';
import { atTheEnd } from '../last-acts.ts';
import { bridgeFolder } from '../python/bridge-folder.ts';
import { type Runtime, runtimeEnv } from '../python/runtime.ts';
import { encodeFrame, readFrames } from './frames.ts';

const PROTOCOL = 1;

const Answer = z.union([
  z.object({ id: z.number(), event: z.string(), data: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    id: z.number().nullable(),
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), detail: z.unknown() }),
  }),
]);
type Answer = z.infer<typeof Answer>;

/** One thing that a request brought: events, and last the result. */
export type Reply = { event: string; data: unknown } | { result: unknown };

const LAST_WORDS_MS = 200;

/** Sends a request to a live process. */
export type Send = (method: string, params: object, idleSeconds: number) => AsyncGenerator<Reply>;

/** What is not a secret and a Python process needs; DAG and dbt code see nothing else of the caller's environment. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'USER', 'LOGNAME'];

/**
 * One bridge process. Requests are answered one after the other. When it ends or says what is no frame, the request
 * under way and all later ones throw `bridge-closed`: the caller opens another connection.
 */
export class BridgeConnection {
  readonly #runtime: Runtime;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #answers: AsyncGenerator<unknown>;
  readonly #ended: Promise<string>;
  readonly #scratch = mkdtempSync(join(tmpdir(), 'headgate-bridge-'));
  #stderr = '';
  #nextId = 1;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#child = spawn(runtime.python, ['-m', 'headgate_bridge'], {
      // Python looks for modules in the folder that it is started in: not the one where Headgate was started.
      cwd: join(bridgeFolder, 'src'),
      env: { ...bridgeEnv(runtime), HEADGATE_BRIDGE_SCRATCH: this.#scratch },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(messageOf(error)));
      this.#child.on('exit', (code, signal) => {
        const how = signal ? `ended by ${signal}` : `ended with status ${code}`;
        this.#child.on('close', () => resolve(how));
        // What it started may hold its output open for longer than it lived; its last words have come by then.
        setTimeout(() => this.#closeOutput(), LAST_WORDS_MS).unref();
      });
    });
    // Here, not there: it goes also when the process was killed.
    const forget = atTheEnd(() => {
      this.#child.kill('SIGKILL');
      removeQuietly(this.#scratch);
    });
    void this.#ended.then(() => {
      forget();
      removeQuietly(this.#scratch);
    });
    this.#answers = readFrames(this.#child.stdout);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The replies to one request, the result last. `idleSeconds` without any reply ends the process: `bridge-timeout`. */
  async *request(method: string, params: object, idleSeconds: number): AsyncGenerator<Reply> {
    const id = this.#nextId++;
    this.#child.stdin.write(encodeFrame({ v: PROTOCOL, id, method, params }));
    while (true) {
      const answer = await this.#next(method, idleSeconds);
      if ('ok' in answer && !answer.ok) throw this.#refused(method, answer.error);
      if (answer.id !== id) throw await this.#closed(method, 'it answered another request');
      if ('event' in answer) yield { event: answer.event, data: answer.data };
      else if (answer.ok) {
        yield { result: answer.result };
        return;
      }
    }
  }

  async #next(method: string, idleSeconds: number): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), idleSeconds * 1000);
    });
    try {
      const next = await Promise.race([this.#answers.next(), late]);
      if (next === 'late') {
        await this.kill();
        throw fail('bridge-timeout', { method, seconds: idleSeconds });
      }
      if (next.done) throw await this.#closed(method, await this.#ended);
      return Answer.parse(next.value);
    } catch (error) {
      if (error instanceof Error && 'code' in error) throw error;
      throw await this.#closed(method, `it said what is not in the protocol (${messageOf(error).slice(0, 200)})`);
    } finally {
      clearTimeout(timer);
    }
  }

  #refused(method: string, error: { code: string; message: string }): Error {
    return fail('bridge-refused', { method, code: error.code, message: error.message });
  }

  async #closed(method: string, reason: string): Promise<Error> {
    await this.kill();
    const said = this.#stderr.trim().split('\n').slice(-5).join('\n');
    return fail('bridge-closed', { runtime: this.#runtime.name, method, reason: said ? `${reason}\n${said}` : reason });
  }

  /** Lets it finish by closing its input; after `graceSeconds` ends it. */
  async close(graceSeconds = 5): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceSeconds * 1000);
    await this.#ended;
    clearTimeout(timer);
  }

  #closeOutput(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** What cannot be removed stays in the temporary folder of the system, which is there for that. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    return;
  }
}

/** What code that the bridge runs can see of this process's environment, as one text. */
export function bridgeEnvIdentity(): string {
  return JSON.stringify(PASSED_ON.map((name) => process.env[name] ?? null));
}

function bridgeEnv(runtime: Runtime): NodeJS.ProcessEnv {
  const passed = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  return {
    ...passed,
    ...runtimeEnv(runtime),
    PYTHONPATH: join(bridgeFolder, 'src'),
    PYTHONUTF8: '1',
    PYTHONHASHSEED: '0',
  };
}
