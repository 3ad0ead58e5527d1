import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const program = `
import { withScratch } from '${new URL('scratch-folder.ts', import.meta.url)}';
import { runTool } from '${new URL('run-tool.ts', import.meta.url)}';
await withScratch('ended', async (folder) => {
  process.stdout.write(folder + '\\n');
  await runTool({ argv: ['sh', '-c', 'sh -c "echo \\$\\$ > pid; exec sleep 60" & wait'], cwd: process.argv[1], env: { PATH: process.env.PATH } });
});
`;

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn += 1) {
    assert.ok(turn < 400, 'it took too long');
    await sleep(25);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a process that is ended takes with it what its tools have started, and its folder', async (t) => {
  const place = mkdtempSync(join(tmpdir(), 'headgate-ended-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let folder = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (folder += text));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
  const pidOf = () => Number(existsSync(join(place, 'pid')) ? readFileSync(join(place, 'pid'), 'utf8') : 0);
  await until(() => pidOf() > 0);
  const pid = pidOf();
  assert.ok(isAlive(pid) && existsSync(folder.trim()));
  child.kill('SIGINT');
  assert.equal(await ended, 'SIGINT');
  await until(() => !isAlive(pid));
  assert.ok(!existsSync(folder.trim()));
});
