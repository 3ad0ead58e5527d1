/** A file as it was read. `version` changes whenever the bytes do; it means nothing by itself. */
export type StoredFile = { bytes: Uint8Array; version: string };

/** What must be so for a write to happen: anything, no such file, or exactly this version. */
export type Expected = 'any' | 'absent' | { version: string };

/**
 * Files under one root, in a folder or an object store. Paths are relative with forward slashes.
 * A file is seen whole or not at all, and is on the disk when `write` returns.
 */
export type FileStore = {
  /** For messages: a folder or an `s3://` address. */
  readonly location: string;
  /** Null when there is no such file. */
  read(path: string): Promise<StoredFile | null>;
  /** The new version, or null when what is there is not what was expected; then nothing was written. */
  write(path: string, bytes: Uint8Array, expected: Expected): Promise<string | null>;
  /** Removing what is not there is fine. False when what is there is not what was expected. */
  remove(path: string, expected: Expected): Promise<boolean>;
  /** All files below a folder, sorted, as paths relative to the root. */
  list(folder: string): Promise<string[]>;
  /** Brings the tree of a local folder to `to`, replacing what was left there. Not atomic: a marker written later says it is whole. */
  putTree(from: string, to: string): Promise<void>;
  /** Removes a folder with all that is in it. Not atomic. One that is not there is fine. */
  removeTree(folder: string): Promise<void>;
  /**
   * Does `work` while nobody else does so on this store. A folder locks across processes (a killed one frees the lock);
   * an object store cannot, so there only versions protect a write.
   */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** The path if it stays inside the root, else an error: these paths are made by Headgate, so it is a bug. */
export function insideRoot(path: string): string {
  const parts = path.split('/');
  if (path === '' || path.includes('\\') || path.includes('\0')) throw new Error(`unsafe path ${JSON.stringify(path)}`);
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new Error(`unsafe path ${JSON.stringify(path)}`);
  return path;
}
