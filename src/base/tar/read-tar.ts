import { unsafePath } from './archive-path.ts';
import { BLOCK, decodeHeader, decodePax, paddingOf, refused, type TarFile } from './tar-header.ts';

/** What an archive may hold at most. */
export type TarLimits = { files: number; bytes: number };

/** Gets each file of an archive in turn; `body` must be read to its end before it returns. */
export type TarVisitor = (file: TarFile, body: AsyncIterable<Uint8Array>) => Promise<void>;

const LONGEST_PAX = 8192;

/**
 * Reads an archive as strictly as Headgate writes one: plain files with safe, unique paths and nothing else.
 * Throws `archive-refused`, naming the entry: links, devices, ways out, duplicates, more than the limits, cut or padded archives.
 */
export async function readTar(archive: AsyncIterable<Uint8Array>, limits: TarLimits, visit: TarVisitor): Promise<void> {
  const cursor = new ByteCursor(archive);
  const seen = new SeenPaths();
  let bytes = 0;
  for (;;) {
    const file = await nextFile(cursor);
    if (file === null) break;
    const name = JSON.stringify(file.path);
    const because = unsafePath(file.path) ?? seen.conflict(file.path);
    if (because !== null) throw refused(name, because);
    bytes += file.size;
    if (seen.count > limits.files) throw refused(name, `the archive has more than ${limits.files} files`);
    if (bytes > limits.bytes) throw refused(name, `the archive has more than ${limits.bytes} bytes`);
    const body = cursor.body(file.size, name);
    await visit(file, body);
    for await (const _rest of body) throw new Error(`readTar: the visitor left bytes of ${file.path}`);
    await cursor.zeros(paddingOf(file.size), name);
  }
}

async function nextFile(cursor: ByteCursor): Promise<TarFile | null> {
  const block = await cursor.take(BLOCK, 'the end');
  if (isZero(block)) {
    await cursor.zeros(BLOCK, 'the end');
    if (!(await cursor.atEnd())) throw refused('the end', 'more bytes follow the end of the archive');
    return null;
  }
  const header = decodeHeader(block);
  if (header.path !== null) return { ...header, path: header.path };
  if (header.size > LONGEST_PAX) throw refused('a pax header', 'it is too long');
  const path = decodePax(await cursor.take(header.size, 'a pax header'));
  await cursor.zeros(paddingOf(header.size), 'a pax header');
  const named = decodeHeader(await cursor.take(BLOCK, JSON.stringify(path)));
  if (named.path === null) throw refused(JSON.stringify(path), 'two pax headers follow each other');
  return { path, size: named.size, executable: named.executable };
}

/** Remembers files and folders, so that none comes twice and no file is also a folder. */
class SeenPaths {
  count = 0;
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  conflict(path: string): string | null {
    this.count += 1;
    if (this.#files.has(path)) return 'its path comes twice';
    if (this.#folders.has(path)) return 'its path is a folder of another file';
    this.#files.add(path);
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const folder = path.slice(0, slash);
      if (this.#files.has(folder)) return 'a folder of its path is another file';
      this.#folders.add(folder);
    }
    return null;
  }
}

/** Takes exact numbers of bytes from a stream of chunks of any size. */
class ByteCursor {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #left: Buffer = Buffer.alloc(0);

  constructor(archive: AsyncIterable<Uint8Array>) {
    this.#chunks = archive[Symbol.asyncIterator]();
  }

  async take(size: number, entry: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.body(size, entry)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *body(size: number, entry: string): AsyncGenerator<Buffer> {
    let wanted = size;
    while (wanted > 0) {
      if (!(await this.#fill())) throw refused(entry, 'the archive is cut short');
      const piece = this.#left.subarray(0, wanted);
      this.#left = this.#left.subarray(piece.length);
      wanted -= piece.length;
      yield piece;
    }
  }

  async zeros(size: number, entry: string): Promise<void> {
    if (!isZero(await this.take(size, entry))) throw refused(entry, 'bytes stand where only padding may be');
  }

  async atEnd(): Promise<boolean> {
    return !(await this.#fill());
  }

  async #fill(): Promise<boolean> {
    while (this.#left.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#left = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length);
    }
    return true;
  }
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
