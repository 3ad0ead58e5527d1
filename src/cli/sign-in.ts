import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { fail, messageOf } from '../base/errors.ts';
import type { Endpoint } from '../base/http.ts';

const Credentials = z.object({ url: z.url(), token: z.string() });
type Credentials = z.infer<typeof Credentials>;

/** Where `headgate token login` keeps what it was given: mode 0600. */
function credentialsFile(): string {
  const config = process.env.XDG_CONFIG_HOME;
  return join(
    config === undefined || config === '' ? join(homedir(), '.config') : config,
    'headgate',
    'credentials.json',
  );
}

/**
 * The control plane to ask, and the token to ask with: HEADGATE_URL and HEADGATE_TOKEN, else what was signed in with.
 * @throws url-unknown, credentials-unusable
 */
export async function signedIn(): Promise<Endpoint> {
  const { HEADGATE_URL: url, HEADGATE_TOKEN: token } = process.env;
  if (url && token) return { url, token };
  const kept = await readCredentials();
  const chosen = url || kept?.url;
  if (chosen === undefined) throw fail('url-unknown', { tried: `HEADGATE_URL and ${credentialsFile()}` });
  const sameServer = kept !== null && kept.url === chosen;
  return { url: chosen, token: token || (sameServer ? kept.token : null) };
}

export async function keepCredentials(credentials: Credentials): Promise<string> {
  const file = credentialsFile();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return file;
}

async function readCredentials(): Promise<Credentials | null> {
  const file = credentialsFile();
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
    throw fail('credentials-unusable', { file, because: 'other users may read it; its mode must be 0600' });
  }
  try {
    return Credentials.parse(JSON.parse(text));
  } catch (error) {
    throw fail('credentials-unusable', { file, because: messageOf(error) }, error);
  }
}
