import type { AssetChange } from '../../model/change.ts';
import { type AssetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { type LockedRuntime, RuntimeLock } from '../../model/runtime-lock.ts';
import type { Discovery } from '../../targets/contract.ts';
import type { ProjectPart } from '../project/project.ts';

export type LockInput = {
  /** The texts of headgate.lock; null where there is none. */
  base: string | null;
  head: string | null;
  parts: readonly ProjectPart[];
  discoveries: ReadonlyMap<PartKey, Discovery>;
};

/**
 * What another runtime means for the assets that run on it: that cannot be told from text. A part that was not locked before, or
 * no longer is, has no two runtimes to compare.
 */
export function lockChanges(input: LockInput): AssetChange[] {
  if (input.base === input.head) return [];
  const [base, head] = [lockIn(input.base), lockIn(input.head)];
  if (base === null || head === null) return [];
  return input.parts.flatMap(({ target, part }) => {
    const key = partKey(target, part.name);
    const [before, after] = [runtimeOf(base, key), runtimeOf(head, key)];
    if (before === null || after === null) return [];
    const said = differences(before, after);
    return said.length === 0 ? [] : assetsOf(input.discoveries.get(key), key).map((asset) => unknown(asset, said));
  });
}

function lockIn(text: string | null): RuntimeLock | null {
  try {
    return RuntimeLock.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}

function runtimeOf(lock: RuntimeLock, part: PartKey): LockedRuntime | null {
  return lock.runtimes[lock.parts[part] ?? ''] ?? null;
}

/** Inputs are left out: what they led to is compared. */
function differences(before: LockedRuntime, after: LockedRuntime): string[] {
  const versions = (runtime: LockedRuntime) =>
    new Map([
      ...runtime.packages.map((one): [string, string] => [one.name, one.version]),
      ...runtime.jars.map(({ coordinate }): [string, string] => [
        coordinate.replace(/:[^:]*$/, ''),
        coordinate.replace(/^.*:/, ''),
      ]),
      ...Object.entries(runtime.tools),
      ['Python', runtime.python] as [string, string],
    ]);
  const [old, now] = [versions(before), versions(after)];
  const names = [...new Set([...Object.keys(after.tools), ...old.keys(), ...now.keys()])];
  const said = names
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => `${name} ${old.get(name) ?? '(none)'} -> ${now.get(name) ?? '(none)'}`);
  const rest = (runtime: LockedRuntime) => canonicalJson([runtime.packages, runtime.jars]);
  return said.length > 0 || rest(before) === rest(after) ? said : ['files of other digests'];
}

function assetsOf(discovery: Discovery | undefined, part: PartKey): AssetKey[] {
  return (discovery?.assets ?? []).filter((asset) => asset.part === part).map((asset) => asset.key);
}

function unknown(key: AssetKey, said: readonly string[]): AssetChange {
  const shown = said.length > 3 ? `${said.slice(0, 3).join(', ')} and ${said.length - 3} more` : said.join(', ');
  return { key, effect: 'unknown', because: `It runs on another runtime: ${shown}.`, columns: null };
}
