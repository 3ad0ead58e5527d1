import { type Digest, digestOf, type PartKey, unitKey } from '../../model/identifiers.ts';
import { canonicalJson, type JsonObject } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { LayoutInput, PartLayout } from '../contract.ts';

/** The file at the project's root that pins every runtime. */
const LOCK = 'headgate.lock';

/**
 * The layout of a part that is one folder and one unit. Its fingerprint hashes every file of the folder with its
 * executable bit, the part's entry of headgate.yaml and the runtime lock: all that decides what it does, except values.
 */
export function wholePartLayout(input: LayoutInput & { key: PartKey; folder: string; facts: JsonObject }): PartLayout {
  const { files, key, part, discovery, facts, fileDigest } = input;
  const folder = normalFolder(input.folder);
  const entries = files.entries.filter((entry) => isInside(entry.path, folder));
  const lock: Digest | null = files.entries.some((entry) => entry.path === LOCK) ? fileDigest(LOCK) : null;
  const content = entries.map(({ path, executable }) => [path, fileDigest(path), executable]);
  const fingerprint = digestOf(canonicalJson({ files: content, settings: part.settings, lock }));
  const assets = discovery.assets.map((asset) => asset.key).sort();
  return {
    paths: entries.map((entry) => entry.path),
    units: [{ unit: unitKey(key, null), fingerprint, assets, facts }],
  };
}
