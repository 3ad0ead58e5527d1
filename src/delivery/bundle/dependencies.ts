import { parse } from 'yaml';
import type { JsonObject } from '../../model/json.ts';
import { type LockedJar, type LockedPackage, RuntimeLock } from '../../model/runtime-lock.ts';

/** Something the code needs that is not in the project. `version` is what is asked for, null when anything will do. */
export type Dependency = {
  ecosystem: 'pypi' | 'maven' | 'dbt' | 'docker';
  group: string | null;
  name: string;
  version: string | null;
  sha256: string[];
};

/** What a requirements file names, with its `--hash=sha256:` values. Options, links and comments are passed over. */
export function fromRequirements(text: string): Dependency[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => {
    const match = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;#]*)/.exec(line);
    if (match === null || match[1] === undefined || line.trim().startsWith('-')) return [];
    const asked = (match[2] ?? '').replace(/--hash=\S+/g, '').trim();
    const sha256 = [...line.matchAll(/--hash=sha256:([0-9a-f]{64})/g)].flatMap((hash) => hash[1] ?? []);
    const version = asked.startsWith('===')
      ? asked.slice(3).trim()
      : asked.startsWith('==')
        ? asked.slice(2).trim()
        : asked;
    const name = match[1].toLowerCase().replace(/[-_.]+/g, '-');
    return [{ ecosystem: 'pypi', group: null, name, version: version === '' ? null : version, sha256 }];
  });
}

/** What a dbt packages.yml or package-lock.yml names. */
export function fromDbtPackages(text: string): Dependency[] {
  const declared = parsedYaml(text);
  const packages: unknown =
    declared !== null && typeof declared === 'object' && 'packages' in declared ? declared.packages : null;
  return Array.isArray(packages) ? packages.flatMap(dbtPackage) : [];
}

function dbtPackage(entry: unknown): Dependency[] {
  if (entry === null || typeof entry !== 'object') return [];
  const fields = new Map<string, unknown>(Object.entries(entry));
  const source = fields.get('package') ?? fields.get('git');
  if (typeof source !== 'string') return [];
  const version = fields.get('version') ?? fields.get('revision') ?? null;
  const slash = source.lastIndexOf('/');
  const group = slash === -1 ? null : source.slice(0, slash);
  const name = source.slice(slash + 1).replace(/\.git$/, '');
  return [{ ecosystem: 'dbt', group, name, version: version === null ? null : String(version), sha256: [] }];
}

/** What a Spark part's `packages` name: Maven coordinates. */
export function fromMavenPackages(settings: JsonObject): Dependency[] {
  const { packages } = settings;
  if (!Array.isArray(packages)) return [];
  return packages.flatMap((coordinates): Dependency[] => {
    const [group, name, version] = typeof coordinates === 'string' ? coordinates.split(':') : [];
    if (group === undefined || name === undefined) return [];
    return [{ ecosystem: 'maven', group, name, version: version ?? null, sha256: [] }];
  });
}

/** Everything that a lock pins: Python packages, jars and images. Empty when the text is no lock. */
export function fromLock(text: string): Dependency[] {
  const lock = RuntimeLock.safeParse(parsedJson(text));
  if (!lock.success) return [];
  const runtimes = Object.values(lock.data.runtimes);
  return [
    ...runtimes.flatMap(({ packages }) => packages.map(lockedPackage)),
    ...runtimes.flatMap(({ jars }) => jars.flatMap(lockedJar)),
    ...lock.data.images.map(image),
  ];
}

function lockedPackage({ name, version, hashes }: LockedPackage): Dependency {
  return { ecosystem: 'pypi', group: null, name, version, sha256: hashes.map(hexDigits) };
}

function lockedJar({ coordinate, sha256 }: LockedJar): Dependency[] {
  return fromMavenPackages({ packages: [coordinate] }).map((jar) => ({ ...jar, sha256: [hexDigits(sha256)] }));
}

/** `registry/name:tag@sha256:...`: the digest is the version where there is one. */
function image(reference: string): Dependency {
  const [name = reference, digest] = reference.split('@');
  const tag = /:([^:/]+)$/.exec(name)?.[1] ?? null;
  return { ecosystem: 'docker', group: null, name: name.replace(/:[^:/]+$/, ''), version: digest ?? tag, sha256: [] };
}

function hexDigits(digest: string): string {
  return digest.replace(/^sha256:/, '');
}

/** Each dependency once, sorted; one with hashes wins over the same without. */
export function uniqueDependencies(all: readonly Dependency[]): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const dependency of all) {
    const key = [dependency.ecosystem, dependency.group ?? '', dependency.name, dependency.version ?? ''].join('\n');
    if ((found.get(key)?.sha256.length ?? -1) < dependency.sha256.length) found.set(key, dependency);
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, dependency]) => dependency);
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
