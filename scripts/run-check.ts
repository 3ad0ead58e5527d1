import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unitTestFiles } from './test-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const acts: { name: string; argv: string[] }[] = [
  { name: 'format and lint', argv: [bin('biome'), 'ci', '--colors=off', '--diagnostic-level=warn', '.'] },
  { name: 'types', argv: [bin('tsc'), '--noEmit', '-p', '.'] },
  { name: 'structure', argv: [process.execPath, 'scripts/check-structure.ts'] },
  { name: 'unused code', argv: [bin('knip'), '--no-progress'] },
  { name: 'unit tests', argv: [process.execPath, '--test', '--test-reporter=dot', ...unitTestFiles(root)] },
];

let failed = 0;
for (const { name, argv } of acts) {
  const started = performance.now();
  const [command = '', ...rest] = argv;
  const run = spawnSync(command, rest, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = run.status === 0;
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`);
  if (!ok) {
    failed += 1;
    process.stdout.write(`${run.stdout}${run.stderr}\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
