import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a run of `headgate` ended: its exit status, its JSON answer (null when it gave none) and what it wrote to stderr. */
export type Answer = { status: number; json: unknown; stdout: string; stderr: string };

/** Runs `headgate` as a person would, in a folder, with a token. Every command of the demo is a real process. */
export type CommandLine = (words: readonly string[]) => Promise<Answer>;

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export function commandLine(folder: string, env: { [name: string]: string }): CommandLine {
  return (words) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [main, ...words, '--json'], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status: status ?? 3, json: parsed(stdout), stdout, stderr }));
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
