import { canonicalJson } from '../../../model/json.ts';
import { type LockedPackage, type LockedRuntime, RuntimeLock } from '../../../model/runtime-lock.ts';

/** The text of headgate.lock: JSON with sorted keys and a line for each package, equal on any machine for equal locks. */
export function lockText(lock: RuntimeLock): string {
  return `${JSON.stringify(JSON.parse(canonicalJson(lock)), null, 1)}\n`;
}

export type LockReading =
  | { read: 'lock'; lock: RuntimeLock }
  | { read: 'broken'; because: string }
  | { read: 'newer'; version: string };

/** Reads headgate.lock. A lock of a later version is told apart from a broken one. */
export function readLock(text: string): LockReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { read: 'broken', because: 'it is not valid JSON' };
  }
  const version = value !== null && typeof value === 'object' && 'version' in value ? value.version : null;
  if (typeof version === 'number' && version > 1) return { read: 'newer', version: String(version) };
  const parsed = RuntimeLock.safeParse(value);
  if (parsed.success) return { read: 'lock', lock: parsed.data };
  const issue = parsed.error.issues[0];
  return { read: 'broken', because: `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'wrong shape'}` };
}

/** The packages of a requirements text with hashes, as uv and pip-compile write it. Sorted by name. Throws a plain error on a line without a pinned version. */
export function packagesOf(requirements: string): LockedPackage[] {
  const lines = requirements.replaceAll(/\\\r?\n/g, ' ').split('\n');
  return lines
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('-'))
    .map(packageOf)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : (a.marker ?? '') < (b.marker ?? '') ? -1 : 1));
}

function packageOf(line: string): LockedPackage {
  const [requirement = '', ...rest] = line.split(/\s+--hash=/);
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;]+)\s*(?:;\s*(.+))?$/.exec(requirement.trim());
  if (match === null) throw new Error(`"${requirement.trim()}" is not pinned to one version`);
  const [, name = '', version = '', marker] = match;
  const hashes = rest.map((hash) => hash.trim()).sort();
  return { name: canonicalName(name), version, marker: marker?.trim() ?? null, hashes };
}

/** The requirements text of a locked runtime: what pip or uv installs it from, with hashes. */
export function requirementsText(runtime: Pick<LockedRuntime, 'packages'>): string {
  return runtime.packages
    .map(({ name, version, marker, hashes }) =>
      [
        `${name}==${version}${marker === null ? '' : ` ; ${marker}`}`,
        ...hashes.map((hash) => `    --hash=${hash}`),
      ].join(' \\\n'),
    )
    .join('\n')
    .concat('\n');
}

/** The one spelling of a package's name (PEP 503). */
export function canonicalName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}
