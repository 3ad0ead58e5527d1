import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseSecretReference } from '../../base/secret-reference.ts';
import type { Environment } from '../../model/environment.ts';

/**
 * The environment variables that an environment's secret references name: those that are set, else those made by an
 * earlier `headgate up` and kept in `file` (readable by its owner only), else new random ones, which are kept there too.
 */
export async function localSecrets(
  environment: Environment,
  file: string,
): Promise<{ variables: { [name: string]: string }; made: string[] }> {
  const kept = parse(await readFile(file, 'utf8').catch(() => ''));
  const names = Object.values(environment.secrets).flatMap((reference) => {
    const parsed = parseSecretReference(reference);
    return parsed?.scheme === 'env' ? [parsed.place] : [];
  });
  const variables: { [name: string]: string } = {};
  const made: string[] = [];
  for (const name of [...new Set(names)].sort()) {
    const value = process.env[name] ?? kept[name];
    if (value === undefined) made.push(name);
    variables[name] = value ?? randomBytes(18).toString('base64url');
  }
  const lines = Object.entries({ ...kept, ...variables }).filter(([name]) => process.env[name] === undefined);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, lines.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
  return { variables, made };
}

function parse(text: string): { [name: string]: string } {
  return Object.fromEntries(
    [...text.matchAll(/^([A-Za-z_]\w*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
