import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import { type Environment, plainEnvironment } from '../../model/environment.ts';
import { partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { PartRevision } from '../../targets/contract.ts';
import type { ProjectReading } from '../project/read-project.ts';

/** A project with all that was found in it. */
export type CataloguedProject = { reading: ProjectReading; catalog: Catalog };

const known = new WeakMap<CataloguedProject, Map<ProjectPart, PartRevision>>();

/** The revision of a part as targets see it; the same object each time, as targets keep what they read of it. */
export function partRevision(project: CataloguedProject, part: ProjectPart): PartRevision {
  const ofProject = known.get(project) ?? new Map<ProjectPart, PartRevision>();
  known.set(project, ofProject);
  const revision = ofProject.get(part) ?? revisionOf(project, part);
  ofProject.set(part, revision);
  return revision;
}

function revisionOf({ reading, catalog }: CataloguedProject, { target, part }: ProjectPart): PartRevision {
  const discovery = catalog.discoveries.get(partKey(target, part.name)) ?? { assets: [], edges: [], findings: [] };
  return { files: reading.files, part, discovery, environments: environmentsOf(reading.project) };
}

/** With the defaults of headgate.yaml filled in; those alone where there is no environment, under the name `defaults`. */
function environmentsOf(project: Project): Environment[] {
  const defaults: { [name: string]: Json } = Object.fromEntries(
    project.values.filter((value) => !value.required).map((value) => [value.name, value.default]),
  );
  const filled = project.environments.map((one) => ({ ...one, values: { ...defaults, ...one.values } }));
  return filled.length > 0 || Object.keys(defaults).length === 0 ? filled : [plainEnvironment('defaults', defaults)];
}
