import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { BridgeDagFile } from '../../src/base/bridge/shapes.ts';
import { type DagProject, dagFile, openDagProject } from './dag-project.ts';

/** Each file does one bad thing at its top level; `good` stands among them and must always be read. */
const FILES: Record<string, string> = {
  good: '',
  hangs: 'while True: pass',
  hangs_in_c: 'import re\nre.match("(a+)+$", "a" * 60 + "b")',
  sleeps: 'import time\ntime.sleep(3600)',
  ignores_signals:
    'import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True:\n  try: time.sleep(1)\n  except BaseException: pass',
  sys_exit: 'import sys\nsys.exit(3)',
  os_exit: 'import os\nos._exit(0)',
  kills_itself: 'import os, signal\nos.kill(os.getpid(), signal.SIGKILL)',
  segfaults: 'import ctypes\nctypes.string_at(0)',
  kills_parent: 'import os\nos.kill(os.getppid(), 9)',
  kills_parent_in_c: 'import ctypes, os\nctypes.CDLL(None).kill(os.getppid(), 9)',
  forks: 'import os, time\nif os.fork() == 0:\n  time.sleep(3600)',
  daemon:
    'import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(3600)\n  os._exit(0)\nos.wait()',
  child_left: 'import subprocess\nsubprocess.Popen(["sleep", "3607"], start_new_session=True)',
  fork_bomb: 'import os\nwhile True:\n  if os.fork() == 0:\n    import time; time.sleep(5)',
  prints: 'print("x" * 5_000_000)',
  writes_to_fds: 'import os\nfor _ in range(400):\n  os.write(1, b"y" * 5000)\n  os.write(2, b"z" * 5000)',
  prints_forever: 'while True: print("x" * 100_000)',
  eats_memory: 'held = []\nwhile True: held.append(bytearray(b"x" * 10_000_000))',
  asks_for_too_much: 'held = bytearray(1 << 40)',
  connects: 'import socket\nsocket.create_connection(("10.255.255.1", 5432), timeout=3)',
  looks_up: 'import socket\nsocket.getaddrinfo("warehouse.invalid", 5432)',
  connects_and_goes_on: 'import socket\ntry:\n  socket.socket().connect(("10.255.255.1", 80))\nexcept OSError: pass',
  deletes: 'import os\nos.remove(os.path.join(os.path.dirname(__file__), "precious.txt"))',
  deletes_by_shell: 'import subprocess\nsubprocess.run("rm -f dags/precious.txt", shell=True)',
  writes: 'open(__file__, "a").write("# changed")',
  writes_in_tmp: 'import tempfile\nwith tempfile.TemporaryFile() as f: f.write(b"x")',
  closes_all: 'import os\nos.closerange(0, 200)',
  recursion: 'import sys\nsys.setrecursionlimit(10**6)\ndef f(): return f()\nf()',
  asks_database: 'from airflow.models import DagRun\nDagRun.find(dag_id="x")',
  replaces_process: 'import os\nos.execv("/bin/true", ["true"])',
  never_ending_thread: 'import threading, time\nthreading.Thread(target=lambda: time.sleep(3600)).start()',
};

let project: DagProject;
let files: Map<string, BridgeDagFile>;

before(async () => {
  const named = Object.entries(FILES).map(([id, code]) => [`dags/${id}.py`, dagFile(id, code)]);
  project = await openDagProject(Object.fromEntries(named));
  writeFileSync(join(project.root, 'dags/precious.txt'), 'precious');
  files = await project.read({ limits: { seconds: 4, memoryMb: 400 } });
});

after(() => project.close());

function file(id: string): BridgeDagFile {
  const found = files.get(`dags/${id}.py`);
  assert.ok(found, `no result for ${id}`);
  return found;
}

function outcome(id: string) {
  const { status, error, topLevel } = file(id);
  return { status, line: error?.line ?? null, topLevel: [...new Set(topLevel.map((one) => one.kind))] };
}

test('every file has one result, and the innocent one is read', () => {
  assert.deepEqual(
    [...files.keys()].sort(),
    Object.keys(FILES)
      .map((id) => `dags/${id}.py`)
      .sort(),
  );
  assert.deepEqual(outcome('good'), { status: 'ok', line: null, topLevel: [] });
});

test('a file that hangs is stopped at the time limit, with the line where it hung', () => {
  assert.deepEqual(outcome('hangs'), { status: 'timeout', line: 1, topLevel: [] });
  assert.deepEqual(outcome('hangs_in_c'), { status: 'timeout', line: 2, topLevel: [] });
  assert.deepEqual(outcome('sleeps'), { status: 'timeout', line: 2, topLevel: [] });
  assert.equal(outcome('ignores_signals').status, 'timeout');
});

test('a file that ends the process is a crash of that file only', () => {
  assert.deepEqual(outcome('sys_exit'), { status: 'crashed', line: 2, topLevel: [] });
  assert.deepEqual(outcome('os_exit'), { status: 'crashed', line: 2, topLevel: [] });
  assert.equal(outcome('kills_itself').status, 'crashed');
  assert.equal(outcome('segfaults').status, 'crashed');
  assert.equal(outcome('closes_all').status, 'ok');
});

test('a file cannot end the process that reads the others, or only until that is started again', () => {
  assert.deepEqual(outcome('kills_parent'), { status: 'import-error', line: 2, topLevel: ['subprocess'] });
  assert.deepEqual(outcome('kills_parent_in_c').status, 'crashed');
});

test('what a file starts is reported and does not outlive it', () => {
  assert.deepEqual(outcome('forks'), { status: 'ok', line: null, topLevel: ['subprocess'] });
  assert.deepEqual(outcome('daemon'), { status: 'ok', line: null, topLevel: ['subprocess'] });
  assert.deepEqual(outcome('child_left'), { status: 'ok', line: null, topLevel: ['subprocess'] });
  assert.ok(['crashed', 'memory'].includes(outcome('fork_bomb').status));
  assert.equal(outcome('never_ending_thread').status, 'ok');
  assert.equal(outcome('replaces_process').status, 'import-error');
  assert.deepEqual(processesWith('3607'), []);
});

test('megabytes of output are counted and left out, whichever way they are written', () => {
  for (const id of ['prints', 'writes_to_fds']) {
    assert.deepEqual(outcome(id), { status: 'ok', line: null, topLevel: ['output'] });
    assert.ok(file(id).output.length <= 2000);
  }
  assert.deepEqual(outcome('prints_forever').status, 'timeout');
  assert.ok(outcome('prints_forever').topLevel.includes('output'));
});

test('a file that eats memory is stopped', () => {
  assert.equal(outcome('eats_memory').status, 'memory');
  assert.equal(outcome('asks_for_too_much').status, 'memory');
});

test('the network is refused and reported', () => {
  assert.deepEqual(outcome('connects').topLevel, ['network']);
  assert.equal(outcome('connects').status, 'import-error');
  assert.deepEqual(outcome('looks_up'), { status: 'import-error', line: 2, topLevel: ['network'] });
  assert.deepEqual(outcome('connects_and_goes_on'), { status: 'ok', line: null, topLevel: ['network'] });
});

test('files of the project cannot be changed', () => {
  assert.deepEqual(outcome('deletes'), { status: 'import-error', line: 2, topLevel: ['file-write'] });
  assert.equal(file('deletes').topLevel[0]?.detail, 'remove dags/precious.txt');
  assert.deepEqual(outcome('writes'), { status: 'import-error', line: 1, topLevel: ['file-write'] });
  assert.deepEqual(outcome('writes_in_tmp'), { status: 'ok', line: null, topLevel: [] });
  assert.equal(outcome('deletes_by_shell').topLevel[0], 'subprocess');
  assert.ok(existsSync(join(project.root, 'dags/precious.txt')));
  assert.equal(readFileSync(join(project.root, 'dags/writes.py'), 'utf8'), dagFile('writes', FILES.writes));
});

test('endless recursion is stopped, and a look into the metadata database is reported', () => {
  assert.ok(['import-error', 'crashed', 'memory', 'timeout'].includes(outcome('recursion').status));
  assert.deepEqual(outcome('asks_database'), { status: 'ok', line: null, topLevel: ['metadata-db'] });
});

/** Command lines of living processes that hold this word. */
function processesWith(word: string): string[] {
  return readdirNumbers().flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words.includes(word) ? [words.join(' ')] : [];
    } catch {
      return [];
    }
  });
}

function readdirNumbers(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}
