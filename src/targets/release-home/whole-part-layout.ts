import { digestOf, type PartKey, unitKey } from '../../model/identifiers.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import { lockFileName, RuntimeLock } from '../../model/runtime-lock.ts';
import type { LayoutInput, PartLayout } from '../contract.ts';

/**
 * The layout of a part that is one folder and one unit. Its fingerprint hashes every file of the folder with its
 * executable bit, the part's entry of headgate.yaml and the part's runtime in the lock: all that decides what it does, except values.
 */
export function wholePartLayout(input: LayoutInput & { key: PartKey; folder: string; facts: JsonObject }): PartLayout {
  const { files, key, part, discovery, facts, fileDigest } = input;
  const folder = normalFolder(input.folder);
  const entries = files.entries.filter((entry) => isInside(entry.path, folder));
  const content = entries.map(({ path, executable }) => [path, fileDigest(path), executable]);
  const fingerprint = digestOf(canonicalJson({ files: content, settings: part.settings, runtime: runtimeOf(input) }));
  const assets = discovery.assets.map((asset) => asset.key).sort();
  return {
    paths: entries.map((entry) => entry.path),
    units: [{ unit: unitKey(key, null), fingerprint, assets, facts }],
  };
}

/** What the lock says of the part's runtime; the whole lock when it cannot be told apart, null when there is none. */
function runtimeOf({ files, key, fileDigest }: Pick<LayoutInput, 'files' | 'fileDigest'> & { key: PartKey }): Json {
  if (!files.entries.some((entry) => entry.path === lockFileName)) return null;
  const lock = RuntimeLock.safeParse(parsed(files.text(lockFileName) ?? ''));
  if (!lock.success) return fileDigest(lockFileName);
  const runtime = lock.data.runtimes[lock.data.parts[key] ?? ''];
  return runtime === undefined ? null : canonicalJson(runtime);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
