import { digestOf } from '../../../model/identifiers.ts';
import { canonicalJson } from '../../../model/json.ts';
import type { LockedJar, LockedRuntime, RuntimeLock } from '../../../model/runtime-lock.ts';
import type { Project } from '../../project/project.ts';
import { namedImages } from './images.ts';
import { canonicalName, packagesOf } from './lock-text.ts';
import type { WantedRuntime } from './wanted-runtimes.ts';

/** What resolving a wanted runtime gave. `requirements` is a text with hashes, `python` the least version it serves. */
export type Resolved = { requirements: string; python: string; jars: LockedJar[] };

/** The locked form of one runtime. Throws a plain error when a requirement is not pinned. */
export function lockedRuntime(wanted: WantedRuntime, resolved: Resolved): LockedRuntime {
  const packages = packagesOf(resolved.requirements);
  const tools = wanted.base.tools.flatMap((tool) => {
    const found = packages.find(({ name }) => name === canonicalName(tool));
    return found === undefined ? [] : [[tool, found.version] as const];
  });
  return {
    runtime: wanted.base.name,
    python: resolved.python,
    tools: Object.fromEntries(tools),
    inputs: wanted.inputs,
    packages,
    coordinates: wanted.coordinates,
    jars: resolved.jars.toSorted((a, b) => (a.coordinate < b.coordinate ? -1 : 1)),
  };
}

/** The whole lock of a project. */
export function buildLock(
  project: Project,
  wanted: Map<string, WantedRuntime>,
  runtimes: Map<string, LockedRuntime>,
): RuntimeLock {
  const parts = [...wanted].flatMap(([id, runtime]) => runtime.parts.map((part) => [part, id] as const));
  return {
    version: 1,
    parts: Object.fromEntries(parts),
    images: [...new Set(namedImages(project).map(({ image }) => image))].sort(),
    runtimes: Object.fromEntries(runtimes),
  };
}

/** What differs between two locks, one line each: a part's tools and packages, jars and images. Empty when they are equal. */
export function lockChanges(before: RuntimeLock | null, after: RuntimeLock): string[] {
  if (before === null) return [`new lock for ${Object.keys(after.parts).sort().join(', ') || 'no part'}`];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const parts = [...new Set([...Object.keys(before.parts), ...Object.keys(after.parts)])].sort();
  const lines = parts.flatMap((part) => partChanges(part, runtimeOf(before, part), runtimeOf(after, part)));
  if (canonicalJson(before.images) !== canonicalJson(after.images)) lines.push('images have changed');
  return lines.length > 0 ? lines : ['the inputs have changed; what is installed stays the same'];
}

function runtimeOf(lock: RuntimeLock, part: string): LockedRuntime | null {
  return lock.runtimes[lock.parts[part] ?? ''] ?? null;
}

function partChanges(part: string, before: LockedRuntime | null, after: LockedRuntime | null): string[] {
  if (after === null) return [`${part}: no longer needs a runtime`];
  if (before === null) return [`${part}: new`];
  const versions = (runtime: LockedRuntime) => new Map(runtime.packages.map((one) => [one.name, one.version]));
  const [old, now] = [versions(before), versions(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const packages = names
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${part}: ${name} ${old.get(name) ?? '(none)'} -> ${now.get(name) ?? '(none)'}`);
  const sameFiles = digestOf(canonicalJson(before.packages)) === digestOf(canonicalJson(after.packages));
  if (packages.length === 0 && !sameFiles) packages.push(`${part}: the files of a package have changed`);
  return canonicalJson(before.jars) === canonicalJson(after.jars)
    ? packages
    : [...packages, `${part}: jars have changed`];
}
