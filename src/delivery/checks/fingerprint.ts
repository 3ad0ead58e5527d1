import { type Digest, digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { CheckDependency } from '../../targets/contract.ts';

/** One file that a check looks at, as it is now. */
export type FileState = { path: string; digest: string; executable: boolean };

/**
 * All that decides the answer of one check on one subject. `engine` stands for Headgate itself. `inputs` has one entry for
 * each thing that the check declares, as JSON or as a digest of it.
 */
export type FingerprintParts = {
  engine: string;
  check: string;
  title: string;
  subject: string | null;
  root: string | null;
  files: readonly FileState[];
  inputs: { [name: string]: unknown };
};

/** Equal for equal answers: nothing that decides one may be left out, and what is added costs a run at most. */
export function fingerprintOf({ files, ...rest }: FingerprintParts): Digest {
  const lines = files.map(({ path, digest, executable }) => `${digest} ${executable ? 'x' : '-'} ${path}`);
  return digestOf(canonicalJson({ ...rest, files: digestOf(lines.join('\n')) }));
}

/** Why an answer can never be kept, whatever it is; null when it can. */
export function neverKept(dependsOn: readonly CheckDependency[], hasIdentity: boolean): string | null {
  if (dependsOn.includes('network')) return 'it asks something outside';
  return dependsOn.includes('revision') && !hasIdentity ? 'the commits that it looks at are not told' : null;
}
