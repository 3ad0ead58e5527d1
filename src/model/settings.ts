import type { BundleContent } from './bundle.ts';
import { type Digest, digestOf, type PartKey } from './identifiers.ts';
import { canonicalJson, type Json, type JsonObject } from './json.ts';

/**
 * What one part is told in one environment: the environment's values and secret references, and the part's own entry
 * of headgate.yaml with its `${values.x}` and `${secrets.x}` still unresolved. Holds references only, never a secret.
 */
export type PartSettings = {
  version: 1;
  environment: string;
  part: PartKey;
  values: { [name: string]: Json };
  secrets: { [name: string]: string };
  settings: JsonObject;
};

/** The settings of a part in an environment of the bundle; null when the bundle has no such part or environment. */
export function settingsOf(content: BundleContent, environment: string, part: PartKey): PartSettings | null {
  const wanted = content.environments.find((candidate) => candidate.name === environment);
  const declared = content.parts.find((candidate) => candidate.part === part);
  if (wanted === undefined || declared === undefined) return null;
  const { values, secrets } = wanted;
  return { version: 1, environment, part, values, secrets, settings: declared.settings };
}

/** The name under which the settings are stored, and what a plan compares. */
export function settingsDigest(settings: PartSettings): Digest {
  return digestOf(canonicalJson(settings));
}
