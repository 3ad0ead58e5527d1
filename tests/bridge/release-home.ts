import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Part = { files: Record<string, string>; settings: object };
type ReleaseOf = { parts: Record<string, Part>; values?: object; secrets?: Record<string, string> };

/** A HEADGATE_HOME with one release in it, written the way a target writes it, every part live. */
export type ReleaseHome = { folder: string; bundle: string; close(): void };

export function writeReleaseHome(release: ReleaseOf): ReleaseHome {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-home-')));
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const bundle = digestOf('bundle');
  const digests = Object.fromEntries(Object.keys(release.parts).map((unit) => [unit, digestOf(unit)]));
  for (const [unit, part] of Object.entries(release.parts)) {
    const digest = digestOf(unit);
    for (const [path, text] of Object.entries(part.files)) write(`parts/${hex(digest)}/${path}`, text);
    const texts = Object.values(part.files);
    const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    write(`parts/${hex(digest)}.json`, { version: 1, part: unit, digest, files: texts.length, bytes });
    write(`pointers/${unit}.json`, { version: 1, part: digest, bundle, epoch: 1, key: 'k', disabled: false });
  }
  const { values = {}, secrets = {} } = release;
  const named = Object.entries(release.parts).map(([unit, part]) => {
    const digest = digestOf(`settings ${unit}`);
    write(`settings/${hex(digest)}.json`, {
      version: 1,
      environment: 'test',
      part: unit,
      values,
      secrets,
      settings: part.settings,
    });
    return [unit, digest];
  });
  const settings = Object.fromEntries(named);
  write(`bundles/${hex(bundle)}.json`, { version: 1, bundle, environment: 'test', parts: digests, settings });
  return { folder, bundle, close: () => rmSync(folder, { recursive: true, force: true }) };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function hex(digest: string): string {
  return digest.slice('sha256:'.length);
}
