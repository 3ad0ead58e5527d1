import pc from 'picocolors';

/**
 * The only place that writes to stdout and stderr. Results go to stdout: JSON when asked for or in a pipe's machine-readable
 * form, lines for people otherwise. Progress, warnings and errors go to stderr, so a pipe stays clean.
 */
export type Printer = {
  readonly json: boolean;
  readonly terminal: boolean;
  result(value: unknown, lines: () => string[]): void;
  line(text: string): void;
  progress(text: string): void;
  /** One line of progress that takes the place of the one before; an empty text takes it away. On a terminal alone. */
  moving(text: string): void;
  warn(text: string): void;
  /** What a command that was started writes, as it is. */
  pass(stream: 'stdout' | 'stderr', text: string): void;
};

/** `json` prints values as one indented JSON document; otherwise `lines` are printed for people. */
export function createPrinter(json: boolean): Printer {
  const terminal = process.stderr.isTTY === true;
  let isMoving = false;
  const settle = () => {
    if (isMoving) process.stderr.write('\r\x1b[2K');
    isMoving = false;
  };
  return {
    json,
    terminal,
    result(value, lines) {
      settle();
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
    },
    line(text) {
      settle();
      if (!json) process.stdout.write(`${text}\n`);
    },
    progress(text) {
      settle();
      if (terminal && !json) process.stderr.write(`${pc.dim(text)}\n`);
    },
    moving(text) {
      if (!terminal || json) return;
      settle();
      if (text === '') return;
      process.stderr.write(pc.dim(text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))));
      isMoving = true;
    },
    warn(text) {
      settle();
      process.stderr.write(`${pc.yellow(text)}\n`);
    },
    pass(stream, text) {
      settle();
      process[stream].write(text);
    },
  };
}

/** An error as people read it: what happened, then what to do, then its code. */
export function errorLines(error: { message: string; hint: string; code: string }): string[] {
  return [`${pc.red('error:')} ${error.message}`, `  ${error.hint}`, `  ${pc.dim(`code: ${error.code}`)}`];
}
