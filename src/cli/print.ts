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
  warn(text: string): void;
  /** What a command that was started writes, as it is. */
  pass(stream: 'stdout' | 'stderr', text: string): void;
};

/** `json` prints values as one indented JSON document; otherwise `lines` are printed for people. */
export function createPrinter(json: boolean): Printer {
  const terminal = process.stderr.isTTY === true;
  return {
    json,
    terminal,
    result(value, lines) {
      process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines().join('\n')}\n`);
    },
    line(text) {
      if (!json) process.stdout.write(`${text}\n`);
    },
    progress(text) {
      if (terminal && !json) process.stderr.write(`${pc.dim(text)}\n`);
    },
    warn(text) {
      process.stderr.write(`${pc.yellow(text)}\n`);
    },
    pass(stream, text) {
      process[stream].write(text);
    },
  };
}

/** An error as people read it: what happened, then what to do, then its code. */
export function errorLines(error: { message: string; hint: string; code: string }): string[] {
  return [`${pc.red('error:')} ${error.message}`, `  ${error.hint}`, `  ${pc.dim(`code: ${error.code}`)}`];
}
