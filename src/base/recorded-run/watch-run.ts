import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { HEARTBEAT_MILLISECONDS, type RunEnd, RunOrder, runFiles } from './run-files.ts';

/*
 * The process beside a recorded run: starts it, keeps a heartbeat, and writes how it ended. It outlives whoever ordered
 * the run, so that a crashed worker neither kills the run nor starts it twice.
 */
const files = runFiles(process.argv[2] ?? '.');
const order = RunOrder.parse(JSON.parse(readFileSync(files.order, 'utf8')));
const began = Date.now();
let ended = false;
// Before anybody can know our pid: who is told to stop must be able to pass it on.
process.on('SIGTERM', () => child.kill('SIGTERM'));
writeWhole(files.start, { pid: process.pid, host: hostname(), at: began });
writeFileSync(files.alive, '');
const heartbeat = setInterval(() => utimesSync(files.alive, new Date(), new Date()), HEARTBEAT_MILLISECONDS);

const output = openSync(files.output, 'a', 0o600);
const [program = '', ...args] = order.argv;
const child = spawn(program, args, { cwd: order.cwd, stdio: ['ignore', output, output] });
closeSync(output);
child.on('error', (error) => end({ code: null, because: error.message, seconds: seconds() }));
child.on('close', (code, signal) =>
  end({ code, because: signal === null ? `exit ${code}` : `stopped by ${signal}`, seconds: seconds() }),
);

/** The first word counts: a program that could not be started is also said to have closed. */
function end(how: RunEnd): void {
  if (ended) return;
  ended = true;
  clearInterval(heartbeat);
  writeWhole(files.end, how);
}

function seconds(): number {
  return (Date.now() - began) / 1000;
}

function writeWhole(file: string, value: unknown): void {
  writeFileSync(`${file}.part`, JSON.stringify(value));
  renameSync(`${file}.part`, file);
}
