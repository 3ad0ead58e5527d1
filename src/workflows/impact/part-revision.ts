import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import { type Environment, plainEnvironment } from '../../model/environment.ts';
import { partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { PartRevision } from '../../targets/contract.ts';
import type { ProjectReading } from '../project/read-project.ts';

/** A project with all that was found in it. */
export type CataloguedProject = { reading: ProjectReading; catalog: Catalog };

const known = new WeakMap<CataloguedProject, Map<string, PartRevision>>();

/**
 * The revision of a part as targets see it, in the environments that are named (null: in all); the same object each time, as targets
 * keep what they read of it.
 */
export function partRevision(
  project: CataloguedProject,
  part: ProjectPart,
  environments: readonly string[] | null = null,
): PartRevision {
  const ofProject = known.get(project) ?? new Map<string, PartRevision>();
  known.set(project, ofProject);
  const names = project.reading.project.environments.every(({ name }) => environments?.includes(name) !== false)
    ? null
    : environments;
  const key = JSON.stringify([part.target, part.part.name, names]);
  const revision = ofProject.get(key) ?? revisionOf(project, part, names);
  ofProject.set(key, revision);
  return revision;
}

/**
 * In which environments two revisions are compared: in those that both have, as nothing lives yet in one that is new; null, which is
 * all of them, where one is gone, as it may have got another name.
 */
export function comparedIn(base: Project, head: Project): readonly string[] | null {
  const before = base.environments.map(({ name }) => name);
  const now = new Set(head.environments.map(({ name }) => name));
  return before.every((name) => now.has(name)) ? before : null;
}

function revisionOf(
  { reading, catalog }: CataloguedProject,
  { target, part }: ProjectPart,
  names: readonly string[] | null,
): PartRevision {
  const discovery = catalog.discoveries.get(partKey(target, part.name)) ?? { assets: [], edges: [], findings: [] };
  return { files: reading.files, part, discovery, environments: environmentsOf(reading.project, names) };
}

const filledIn = new WeakMap<Project, Map<string, Environment[]>>();

/** Worked out once for a project. */
function environmentsOf(project: Project, names: readonly string[] | null): Environment[] {
  const ofProject = filledIn.get(project) ?? new Map<string, Environment[]>();
  filledIn.set(project, ofProject);
  const key = JSON.stringify(names);
  const environments = ofProject.get(key) ?? filledEnvironments(project, names);
  ofProject.set(key, environments);
  return environments;
}

/** With the defaults of headgate.yaml filled in; those alone where there is no environment, under the name `defaults`. */
function filledEnvironments(project: Project, names: readonly string[] | null): Environment[] {
  const defaults: { [name: string]: Json } = Object.fromEntries(
    project.values.filter((value) => !value.required).map((value) => [value.name, value.default]),
  );
  const filled = project.environments
    .filter(({ name }) => names === null || names.includes(name))
    .map((one) => ({ ...one, values: { ...defaults, ...one.values } }));
  return filled.length > 0 || Object.keys(defaults).length === 0 ? filled : [plainEnvironment('defaults', defaults)];
}
