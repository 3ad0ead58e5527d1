import { open } from 'node:fs/promises';
import { fail, messageOf } from './errors.ts';
import { learnSecret } from './redact.ts';
import { parseSecretReference } from './secret-reference.ts';

/**
 * Reads secrets of one scheme (`env`, `file`, later `aws-sm`). `read` gives the value, or throws a plain `Error`
 * whose message says why not and never holds the value.
 */
export type SecretProvider = { scheme: string; read(place: string): Promise<string> };

/** Secrets larger than this are taken for a mistaken path. */
const MAX_BYTES = 64 * 1024;

const environmentVariable: SecretProvider = {
  scheme: 'env',
  async read(name) {
    const value = process.env[name];
    if (value === undefined) throw new Error(`the environment variable ${name} is not set`);
    return value;
  },
};

const file: SecretProvider = {
  scheme: 'file',
  async read(path) {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) throw new Error(`the file has ${size} bytes, more than ${MAX_BYTES}`);
      return (await handle.readFile('utf8')).replace(/\r?\n$/, '');
    } finally {
      await handle.close();
    }
  },
};

const localProviders: readonly SecretProvider[] = [environmentVariable, file];

/**
 * The value of a secret. It is kept nowhere but in the memory of the redaction (`redact`), so that it can be blotted
 * out of any text. Throws `secret-reference-invalid` or `secret-not-found`; an empty value counts as not found.
 */
export async function resolveSecret(
  reference: string,
  providers: readonly SecretProvider[] = localProviders,
): Promise<string> {
  const parsed = parseSecretReference(reference);
  if (parsed === null) throw fail('secret-reference-invalid', { reference: shown(reference) });
  const provider = providers.find((candidate) => candidate.scheme === parsed.scheme);
  if (provider === undefined) {
    throw fail('secret-not-found', { reference, because: `no provider knows "${parsed.scheme}:"` });
  }
  const value = await readFrom(provider, parsed.place, reference);
  if (value === '') throw fail('secret-not-found', { reference, because: 'it is empty' });
  learnSecret(value);
  return value;
}

async function readFrom(provider: SecretProvider, place: string, reference: string): Promise<string> {
  try {
    return await provider.read(place);
  } catch (error) {
    throw fail('secret-not-found', { reference, because: reason(error) }, error);
  }
}

/** The system's code where there is one: its message would repeat the path. */
function reason(error: unknown): string {
  const codes: { [code: string]: string } = {
    ENOENT: 'there is no such file',
    EACCES: 'this user may not read the file',
    EISDIR: 'it is a folder',
  };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return codes[code] ?? messageOf(error);
}

/** Something that is no reference may be a secret pasted in by mistake, so only its beginning is shown. */
function shown(reference: string): string {
  return reference.length <= 4 ? '****' : `${reference.slice(0, 3)}...`;
}
