import { byBytes, unsafePath } from './archive-path.ts';
import { BLOCK, encodeHeader, paddingOf, refused, type TarFile } from './tar-header.ts';

/** A file to pack, and its bytes whenever they are asked for. */
export type TarSource = TarFile & { bytes(): AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/**
 * A tar archive of the files, sorted by path. Equal files give equal bytes on any machine and with any order.
 * Throws `archive-refused` for paths that `unsafePath` refuses, and a plain error when a source gives other than `size` bytes.
 */
export async function* writeTar(files: readonly TarSource[]): AsyncGenerator<Uint8Array> {
  for (const file of [...files].sort((left, right) => byBytes(left.path, right.path))) {
    const because = unsafePath(file.path);
    if (because !== null) throw refused(JSON.stringify(file.path), because);
    yield encodeHeader(file);
    let size = 0;
    for await (const chunk of file.bytes()) {
      size += chunk.length;
      yield chunk;
    }
    if (size !== file.size) throw new Error(`writeTar: ${file.path} gave ${size} bytes, not ${file.size}`);
    const padding = paddingOf(size);
    if (padding > 0) yield Buffer.alloc(padding);
  }
  yield Buffer.alloc(2 * BLOCK);
}
