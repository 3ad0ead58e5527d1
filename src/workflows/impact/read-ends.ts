import { placesOf } from '../../delivery/project/check-places.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import type { Finding } from '../../model/finding.ts';
import { partKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { isInside } from '../../model/path-schema.ts';
import { projectRoot } from '../project/project-root.ts';
import { partSchemas } from '../project/read-project.ts';
import { type RevisionReading, readRevision } from '../revision/read-revision.ts';
import { readWorkingTree, type TreeMemory } from '../revision/read-working-tree.ts';
import { type AskedRevisions, type Comparison, resolveComparison } from '../revision/resolve-comparison.ts';

/** Both ends of a comparison as projects, and what was odd about reading them. */
export type Ends = {
  comparison: Comparison;
  base: RevisionReading;
  head: RevisionReading;
  findings: Finding[];
  /** What a later reading may take again. */
  asRead: ReadBase;
};

/** A base as its commit alone says it is, less the files that a sparse checkout left `absent` when it was read. */
export type ReadBase = { reading: RevisionReading; absent: ReadonlySet<string> };

const none: ReadonlySet<string> = new Set();

/** What a process that answers again and again has of the answer before. */
export type EndsMemory = { base: ReadBase | null; tree: TreeMemory };

/**
 * Reads both revisions of the project that `folder` is in. With a `memory` the base of the answer before is taken again where the same
 * commit is asked for, and files that are as they were are not read again; null: there is one answer only. Throws what
 * `resolveComparison` and `readRevision` throw.
 */
export async function readEnds(folder: string, asked: AskedRevisions, memory: EndsMemory | null = null): Promise<Ends> {
  const root = projectRoot(folder);
  const comparison = resolveComparison(root, asked);
  const place = { place: comparison, root };
  const tree = comparison.head === null ? await readWorkingTree(root, memory?.tree) : null;
  const head = tree ?? (await readRevision({ ...place, commit: comparison.head ?? '', shared: null, absent: none }));
  const absent = tree?.absent ?? none;
  const kept = memory?.base ?? null;
  const again = kept !== null && isOf(kept, { root, commit: comparison.base, absent }) ? kept : null;
  // A base that is kept must not read its texts from files that change later.
  const shared = memory === null ? { has: idsOf(head), textOf: textsOf(head) } : null;
  const base = again?.reading ?? (await readRevision({ ...place, commit: comparison.base, shared, absent }));
  const findings = [...sparse(absent), ...submodules(base, head)];
  const ends = { comparison, base, head: memory === null ? head : withTextsOf(base, head), findings };
  return alike({ ...ends, asRead: { reading: base, absent } });
}

function isOf(kept: ReadBase, now: { root: string; commit: string; absent: ReadonlySet<string> }): boolean {
  const { reading, absent } = kept;
  const isAlike = absent.size === now.absent.size && [...absent].every((path) => now.absent.has(path));
  return reading.commit === now.commit && reading.root === now.root && isAlike;
}

/** What a base that is kept has in memory need not be read from the disk: a commit's contents stay what they are. */
function withTextsOf(base: RevisionReading, head: RevisionReading): RevisionReading {
  const textOf = textsOf(base);
  const { entries, text } = head.files;
  return { ...head, files: { entries, text: (path) => textOf(head.ids.get(path) ?? '') ?? text(path) } };
}

function idsOf(reading: RevisionReading): (id: string) => boolean {
  const pathOf = pathsById(reading.ids);
  return (id) => pathOf.has(id);
}

function textsOf(reading: RevisionReading): (id: string) => string | null {
  const pathOf = pathsById(reading.ids);
  return (id) => {
    const path = pathOf.get(id);
    return path === undefined ? null : reading.files.text(path);
  };
}

const byId = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, string>>();

/** A path of each content; worked out once for a reading. */
function pathsById(ids: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const known = byId.get(ids) ?? new Map([...ids].map(([path, id]) => [id, path]));
  byId.set(ids, known);
  return known;
}

/**
 * Where an end has no headgate.yaml, its parts are those that the other one declares; where neither has one, the parts that
 * `headgate init` sees in either.
 */
function alike(ends: Ends): Ends {
  const { base, head, findings } = ends;
  if (base.declared && head.declared) return ends;
  if (!base.declared && !head.declared) {
    const parts = union(head.project.parts, base.project.parts);
    return {
      ...ends,
      base: withProject(base, { ...base.project, parts }),
      head: withProject(head, { ...head.project, parts }),
    };
  }
  const lacking = base.declared ? 'head' : 'base';
  const finding = note(
    'impact-no-project-file',
    'headgate.yaml',
    `The ${lacking} has no headgate.yaml; it was read as that of the ${base.declared ? 'base' : 'head'} says.`,
  );
  return base.declared
    ? { ...ends, head: withProject(head, base.project), findings: [...findings, finding] }
    : {
        ...ends,
        base: withProject(base, { ...head.project, environments: environmentsOf(base, head) }),
        findings: [...findings, finding],
      };
}

/** Its own where it has any: environments that are only now written down were there before. */
function environmentsOf(base: RevisionReading, head: RevisionReading): Project['environments'] {
  return (base.project.environments.length > 0 ? base : head).project.environments;
}

/** Parts of which the revision has no file are not there yet, or no longer. */
function withProject(reading: RevisionReading, project: Project): RevisionReading {
  const schemas = partSchemas();
  const parts = project.parts.filter(({ target, part }) => {
    const places = placesOf(schemas[target], part.settings);
    return (
      places.length === 0 || reading.files.entries.some(({ path }) => places.some((place) => isInside(path, place)))
    );
  });
  return { ...reading, project: { ...project, parts } };
}

/** Parts with equal settings are one, under the name that `first` gives it; a name that is taken counts as that part's. */
function union(first: readonly ProjectPart[], second: readonly ProjectPart[]): ProjectPart[] {
  const settings = new Set(first.map(({ target, part }) => canonicalJson([target, part.settings])));
  const names = new Set(first.map(({ target, part }) => partKey(target, part.name)));
  const more = second.filter(
    ({ target, part }) =>
      !settings.has(canonicalJson([target, part.settings])) && !names.has(partKey(target, part.name)),
  );
  return [...first, ...more];
}

function sparse(absent: ReadonlySet<string>): Finding[] {
  if (absent.size === 0) return [];
  return [
    note(
      'impact-sparse-checkout',
      null,
      `${absent.size} files that a sparse checkout left out were compared in neither revision.`,
    ),
  ];
}

/** A submodule that moved to another commit: nobody can tell from here what that changes. */
function submodules(base: RevisionReading, head: RevisionReading): Finding[] {
  const paths = [...new Set([...base.submodules.keys(), ...head.submodules.keys()])].sort();
  return paths
    .filter((path) => base.submodules.get(path) !== head.submodules.get(path))
    .map((path) => ({
      ...note('impact-submodule', path, 'This submodule is at another commit; what changed in it was not compared.'),
      status: 'errored' as const,
      severity: 'warning' as const,
    }));
}

function note(check: string, path: string | null, message: string): Finding {
  return { check, asset: null, path, line: null, status: 'failed', severity: 'note', message, hint: null };
}
