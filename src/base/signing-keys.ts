import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, messageOf } from './errors.ts';
import {
  createSigningKey,
  parseSigningKey,
  privatePem,
  publicPem,
  type SigningKey,
  type TrustedKey,
  trustedKey,
} from './signing.ts';

/**
 * The signing key in a file, made when it is missing: PKCS#8 PEM, mode 0600, with the public half beside it in
 * `<file>.pub`. Any number of processes may ask at once; all get the same key. Throws `signing-key-unusable`
 * when the file is no ed25519 key or others may read it.
 */
export async function signingKeyAt(file: string): Promise<SigningKey> {
  const key = (await readSigningKey(file)) ?? (await makeSigningKey(file));
  await writeFile(`${file}.pub`, publicPem(key), { mode: 0o644, flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw fail('signing-key-unusable', { file: `${file}.pub`, because: messageOf(error) }, error);
    }
  });
  return key;
}

/** The key in the file, or null when there is no such file. */
export async function readSigningKey(file: string): Promise<SigningKey | null> {
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw fail('signing-key-unusable', { file, because: messageOf(error) }, error);
  });
  if (pem === null) return null;
  if (((await stat(file)).mode & 0o077) !== 0) {
    throw fail('signing-key-unusable', { file, because: 'other users may read it; its mode must be 0600' });
  }
  return parsed(file, () => parseSigningKey(pem));
}

/** A public key to trust, from a PEM file. Throws `signing-key-unusable`. */
export async function readTrustedKey(file: string): Promise<TrustedKey> {
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    throw fail('signing-key-unusable', { file, because: messageOf(error) }, error);
  });
  return parsed(file, () => trustedKey(pem));
}

async function makeSigningKey(file: string): Promise<SigningKey> {
  const key = createSigningKey();
  const draft = `${file}.${process.pid}.${key.keyId.slice(-12)}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, privatePem(key), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    const made = await readSigningKey(file);
    if (made === null) throw fail('signing-key-unusable', { file, because: messageOf(error) }, error);
    return made;
  } finally {
    await rm(draft, { force: true });
  }
  return key;
}

function parsed<Key>(file: string, parse: () => Key): Key {
  try {
    return parse();
  } catch (error) {
    throw fail('signing-key-unusable', { file, because: messageOf(error) }, error);
  }
}
