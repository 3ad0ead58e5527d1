import { openBlobs } from '../../base/git/blob-store.ts';
import type { BasePart, CheckBase, DeclaredPart } from '../../targets/contract.ts';
import { type Ends, readEnds } from '../impact/read-ends.ts';
import type { ProjectReading } from '../project/read-project.ts';
import type { RevisionReading } from '../revision/read-revision.ts';
import { resolveComparison } from '../revision/resolve-comparison.ts';
import { valuesIn } from './check-inputs.ts';

/** The commit that a project's change is judged against. */
export type ProjectBase = { commit: string; ofPart(target: string, part: DeclaredPart): CheckBase };

/**
 * The base of the working tree: where it left `revision`, as `headgate impact` takes it. Its files are read when a check asks for
 * them. Throws what `resolveComparison` throws.
 */
export function projectBase(
  { root }: ProjectReading,
  asked: { revision: string; environment: string | null },
): ProjectBase {
  const revisions = { base: asked.revision, head: null };
  const { base: commit, how } = resolveComparison(root, revisions);
  let known: Promise<Ends> | null = null;
  const ends = () => {
    known ??= readEnds(root, revisions);
    return known;
  };
  return {
    commit,
    ofPart: (target, { name }) => ({
      ...{ commit, how },
      changed: async () => changedPaths(await ends()),
      read: async () => partIn(await ends(), { target, name, environment: asked.environment }),
    }),
  };
}

function partIn(
  { base, head, comparison }: Ends,
  wanted: { target: string; name: string; environment: string | null },
): BasePart {
  const found = base.project.parts.find(({ target, part }) => target === wanted.target && part.name === wanted.name);
  const blobs = openBlobs(comparison.repository);
  return {
    part: found?.part ?? null,
    values: valuesIn(base.project, wanted.environment),
    files: base.files,
    ids: base.ids,
    idsNow: head.ids,
    submodules: [...base.submodules.keys()],
    bytes(paths) {
      const ids = paths.map((path) => base.ids.get(path));
      blobs.prefetch(ids.filter((id) => id !== undefined));
      return ids.map((id) => (id === undefined ? null : blobs.blob(id)));
    },
  };
}

function changedPaths({ base, head }: { base: RevisionReading; head: RevisionReading }): ReadonlySet<string> {
  const paths = [...base.ids.keys(), ...head.ids.keys()];
  return new Set(paths.filter((path) => base.ids.get(path) !== head.ids.get(path)));
}
