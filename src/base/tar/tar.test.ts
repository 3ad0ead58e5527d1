import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { unpackTar as modernUnpack } from 'modern-tar';
import { HeadgateError } from '../errors.ts';
import { unsafePath } from './archive-path.ts';
import { unpackTar } from './unpack-tar.ts';
import { type TarSource, writeTar } from './write-tar.ts';

let folder: string;
let made = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headgate-tar-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const limits = { files: 1000, bytes: 1024 * 1024 };

test('any set of files comes out as it went in, in any order and with the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fileSets(), fc.boolean(), async (files, reversed) => {
      const archive = await pack(files);
      assert.deepEqual(await pack(reversed ? files.toReversed() : files), archive);
      const to = join(folder, `out-${made++}`);
      await unpackTar(opened(archive), to, limits);
      for (const { path, text, executable } of files) {
        assert.equal(await readFile(join(to, path), 'utf8'), text);
        assert.equal((await stat(join(to, path))).mode & 0o777, executable ? 0o755 : 0o644);
      }
      assert.equal((await listFiles(to)).length, files.length);
    }),
    { numRuns: 60 },
  );
});

test('two other readers see the same files', async () => {
  const long = `${'deep/'.repeat(40)}é.py`;
  const files = [
    { path: 'a.py', text: 'one', executable: false },
    { path: 'bin/run', text: '#!/bin/sh\n', executable: true },
    { path: long, text: 'x'.repeat(1000), executable: false },
  ];
  const archive = await pack(files);
  const modern = await modernUnpack(new Uint8Array(archive));
  assert.deepEqual(
    modern.map(({ header, data }) => [header.name, Buffer.from(data ?? []).toString(), header.mode]),
    [...files]
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ path, text, executable }) => [path, text, executable ? 0o755 : 0o644]),
  );
  await writeFile(join(folder, 'x.tar'), archive);
  const listed = execFileSync('tar', ['--numeric-owner', '-tvf', join(folder, 'x.tar')], {
    encoding: 'utf8',
    env: { TZ: 'UTC', PATH: process.env.PATH ?? '' },
  });
  assert.match(listed, /-rw-r--r-- 0\/0\s+3 1970-01-01 00:00 a\.py/);
});

const outside: [string, (archive: Buffer) => Buffer][] = [
  ['an absolute path', named('/etc/passwd')],
  ['a path that leads up', named('../../outside')],
  ['a path that leads up in the middle', named('a/../../outside')],
  ['a path with a backslash', named('..\\outside')],
  ['a path with a drive', named('C:/outside')],
  ['a path with an empty piece', named('a//b')],
  ['a path with a control character', named('a\nb')],
  ['a name that goes on after a NUL', named('a\0/../b')],
  ['a symbolic link', typed('2', '/etc/passwd')],
  ['a hard link', typed('1', '/etc/passwd')],
  ['a character device', typed('3')],
  ['a block device', typed('4')],
  ['a pipe', typed('6')],
  ['a folder entry', typed('5')],
  ['a sparse file', typed('S')],
  ['a global header', typed('g')],
  ['a GNU long name', typed('L')],
  ['a file with a link target', typed('0', '/etc/passwd')],
  ['a wrong checksum', (archive) => changed(archive, 0, 'z')],
  ['a size that is larger than the archive', sized('77777777777')],
  ['a negative size', sized('-0000000001')],
  ['a size in base 256', (archive) => resum(changed(archive, 124, '\x80\0\0\0\0\0\0\0\0\0\0\x03'))],
  ['an archive that is cut', (archive) => archive.subarray(0, 600)],
  ['an archive without an end', (archive) => archive.subarray(0, archive.length - 1024)],
  ['bytes after the end', (archive) => Buffer.concat([archive, Buffer.from('more')])],
  ['bytes in the padding', (archive) => changed(archive, 600, 'x')],
  ['a file twice', (archive) => Buffer.concat([archive.subarray(0, 1024), archive])],
  ['a file that is also a folder', (archive) => Buffer.concat([archive.subarray(0, 1024), named('a/b')(archive)])],
  ['a folder that is also a file', (archive) => Buffer.concat([named('a/b')(archive).subarray(0, 1024), archive])],
  ['no archive at all', () => Buffer.from('hello')],
  ['an empty file', () => Buffer.alloc(0)],
];

for (const [title, hostile] of outside) {
  test(`refused before anything is written: ${title}`, async () => {
    const archive = hostile(await pack([{ path: 'a', text: 'abc', executable: false }]));
    await refusedAndClean(archive);
  });
}

test('refused: more files or more bytes than the limits', async () => {
  const files = Array.from({ length: 12 }, (_, index) => ({
    path: `f${index}`,
    text: 'x'.repeat(100),
    executable: false,
  }));
  await refusedAndClean(await pack(files), { files: 11, bytes: 1e6 });
  await refusedAndClean(await pack(files), { files: 12, bytes: 1199 });
});

test('refused: an archive that is not the one its digest names', async () => {
  const archive = await pack([{ path: 'a', text: 'abc', executable: false }]);
  const to = join(folder, `out-${made++}`);
  await assert.rejects(
    () => unpackTar({ ...opened(archive), digest: opened(Buffer.from('x')).digest }, to, limits),
    (error) => error instanceof HeadgateError && error.code === 'blob-damaged',
  );
});

test('any bytes at all are unpacked inside the folder or refused', async () => {
  const archive = await pack([
    { path: 'a', text: 'abc', executable: false },
    { path: 'é/b', text: 'x', executable: true },
  ]);
  const mutations = fc.array(fc.tuple(fc.nat(archive.length - 1), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(mutations, fc.boolean(), async (changes, correct) => {
      const bytes = Buffer.from(archive);
      for (const [at, byte] of changes) bytes[at] = byte;
      const around = join(folder, `around-${made++}`);
      await unpackTar(opened(correct ? resum(bytes) : bytes), join(around, 'in'), limits).catch((error) => {
        assert.ok(error instanceof HeadgateError, String(error));
      });
      assert.ok((await readdir(around).catch(() => [])).every((name) => name === 'in'));
    }),
    { numRuns: 300 },
  );
});

type Plain = { path: string; text: string; executable: boolean };

function fileSets(): fc.Arbitrary<Plain[]> {
  const piece = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((text) => unsafePath(text) === null && !text.includes('/'));
  const path = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => `p${pieces.join('/')}`);
  const file = fc.record({ path, text: fc.string({ maxLength: 2000 }), executable: fc.boolean() });
  return fc
    .uniqueArray(file, { selector: ({ path: name }) => name.normalize('NFC').toLowerCase(), maxLength: 8 })
    .filter((files) => files.every((one) => !files.some((other) => other.path.startsWith(`${one.path}/`))));
}

async function pack(files: readonly Plain[]): Promise<Buffer> {
  const sources = files.map(({ path, text, executable }): TarSource => {
    const bytes = Buffer.from(text);
    return { path, size: bytes.length, executable, bytes: () => [bytes] };
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeTar(sources)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function opened(bytes: Buffer) {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return {
    digest,
    async open() {
      return (async function* () {
        for (let at = 0; at < bytes.length; at += 700) yield bytes.subarray(at, at + 700);
      })();
    },
  };
}

async function refusedAndClean(archive: Buffer, within = limits): Promise<void> {
  const around = join(folder, `around-${made++}`);
  await assert.rejects(
    () => unpackTar(opened(archive), join(around, 'in'), within),
    (error) => error instanceof HeadgateError && error.code === 'archive-refused',
  );
  assert.deepEqual(await readdir(around).catch(() => []), []);
}

function named(name: string): (archive: Buffer) => Buffer {
  return (archive) => resum(changed(archive, 0, name));
}

function typed(type: string, target = ''): (archive: Buffer) => Buffer {
  return (archive) => resum(changed(changed(archive, 156, type), 157, target));
}

function sized(octal: string): (archive: Buffer) => Buffer {
  return (archive) => resum(changed(archive, 124, octal));
}

function changed(archive: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(archive);
  copy.write(text, at, 'latin1');
  return copy;
}

/** Puts the right checksum into the first header, as an attacker would. */
function resum(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  let sum = 256;
  for (const [index, byte] of copy.subarray(0, 512).entries()) if (index < 148 || index >= 156) sum += byte;
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}

async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}
