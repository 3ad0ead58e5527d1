import { fail } from '../errors.ts';

/** A file of an archive. Everything else a tar could say (times, users, links) is left out or refused. */
export type TarFile = { path: string; size: number; executable: boolean };

export const BLOCK = 512;
const NAME_BYTES = 100;
const LARGEST_FILE = 8 ** 11 - 1;
const FILE = '0';
const PAX = 'x';
const refusedTypes: { [type: string]: string } = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '5': 'a folder entry',
  '6': 'a pipe',
  g: 'a global header',
  S: 'a sparse file',
};

/** Number of zero bytes that follow a body of this size. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/**
 * The header blocks of a file (POSIX ustar; a pax `path` record before it when the path is long or not ASCII).
 * Owner 0, time 0, mode 0644 or 0755: the bytes depend on path, size and the executable bit alone.
 */
export function encodeHeader(file: TarFile): Buffer {
  if (file.size > LARGEST_FILE) throw new Error(`encodeHeader: ${file.path} is larger than 8 GiB`);
  const name = Buffer.from(file.path, 'utf8');
  const plain = name.length <= NAME_BYTES && name.length === file.path.length;
  if (plain) return headerBlock({ name, size: file.size, executable: file.executable, type: FILE });
  const record = paxRecord('path', file.path);
  return Buffer.concat([
    headerBlock({ name: Buffer.from('pax'), size: record.length, executable: false, type: PAX }),
    record,
    Buffer.alloc(paddingOf(record.length)),
    headerBlock({ name: Buffer.from('long'), size: file.size, executable: file.executable, type: FILE }),
  ]);
}

/** What a header block says. `path` null: this is a pax header, and the path is in the body that follows. */
export type DecodedHeader = { path: string | null; size: number; executable: boolean };

/** Reads one header block. Throws `archive-refused` for anything but a plain file or a pax header. */
export function decodeHeader(block: Buffer): DecodedHeader {
  const raw = textField(block, 0, NAME_BYTES);
  const name = JSON.stringify(raw);
  if (checksum(block) !== octal(block, 148, 8)) throw refused(name, 'its checksum is wrong');
  const type = String.fromCharCode(block[156] ?? 0);
  if (type !== FILE && type !== PAX) throw refused(name, `it is ${refusedTypes[type] ?? 'of an unknown type'}`);
  if (block.toString('latin1', 257, 265) !== 'ustar\u000000') throw refused(name, 'it is not a POSIX ustar entry');
  if (block.subarray(157, 257).some((byte) => byte !== 0)) throw refused(name, 'a file must not have a link target');
  const prefix = textField(block, 345, 155);
  const path = type === PAX ? null : prefix === '' ? raw : `${prefix}/${raw}`;
  return { path, size: octal(block, 124, 12), executable: (octal(block, 100, 8) & 0o100) !== 0 };
}

/** The path in the body of a pax header. Throws `archive-refused` when it says anything else. */
export function decodePax(body: Buffer): string {
  const match = /^(\d+) path=([\s\S]*)\n$/.exec(body.toString('utf8'));
  const path = match?.[2];
  if (path === undefined || !paxRecord('path', path).equals(body)) {
    throw refused('a pax header', 'only a path may stand in it');
  }
  return path;
}

export function refused(entry: string, because: string): Error {
  return fail('archive-refused', { entry, because });
}

function headerBlock(input: { name: Buffer; size: number; executable: boolean; type: string }): Buffer {
  const block = Buffer.alloc(BLOCK);
  input.name.copy(block, 0);
  block.write(input.executable ? '0000755\0' : '0000644\0', 100, 'latin1');
  block.write('0000000\0', 108, 'latin1');
  block.write('0000000\0', 116, 'latin1');
  block.write(`${input.size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0', 136, 'latin1');
  block.write(input.type, 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** `<length> key=value\n`, where the length counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`, 'utf8');
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** The sum of all bytes, the checksum field itself read as spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 32;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}

function textField(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  if (end !== -1 && field.subarray(end).some((byte) => byte !== 0)) {
    throw refused(JSON.stringify(field.toString('latin1', 0, end)), 'its name holds a NUL');
  }
  return field.toString('utf8', 0, end === -1 ? length : end);
}

function octal(block: Buffer, start: number, length: number): number {
  const text = block.toString('latin1', start, start + length).replace(/[\0 ]+$/, '');
  if (!/^[0-7]+$/.test(text)) throw refused('an entry', 'a number in its header is not octal');
  return Number.parseInt(text, 8);
}
