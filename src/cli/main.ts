import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheHome } from '../base/python/cache-home.ts';
import { askFirst } from './warm-helper/ask-first.ts';

// What is compiled once is compiled for every later start; a cache that cannot be written changes nothing.
enableCompileCache(join(cacheHome(), 'compiled'));

// A reader that has seen enough, such as `head`, closes the pipe: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = await report(error);
}

async function run(argv: string[]): Promise<number> {
  const asked = await askFirst(argv);
  if (asked !== null && asked.exit !== null) return typeof asked.exit === 'number' ? asked.exit : asked.exit.child;
  const { buildProgram } = await import('./program.ts');
  return buildProgram(argv, asked);
}

async function report(error: unknown): Promise<number> {
  const { HeadgateError } = await import('../base/errors.ts');
  const { errorLines } = await import('./print.ts');
  if (error instanceof HeadgateError) {
    if (process.argv.includes('--json')) {
      const { code, message, hint } = error;
      process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
    } else {
      process.stderr.write(`${errorLines(error).join('\n')}\n`);
    }
    if (process.argv.includes('--verbose') && error.cause !== undefined)
      process.stderr.write(`${String(error.cause)}\n`);
    return error.exit;
  }
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: Headgate met a bug of its own. Please report it with these lines.\n${bug}\n`);
  return 3;
}
