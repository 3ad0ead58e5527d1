import { matcherOf } from '../../delivery/catalog/asset-rules.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import { type AssetKey, partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { CheckInput, Discovery } from '../../targets/contract.ts';
import type { ProjectReading } from '../project/read-project.ts';

const NOTHING: Discovery = { assets: [], edges: [], findings: [] };

/** What each part's checks are given, in the order of headgate.yaml. */
export function checkInputs(world: {
  reading: ProjectReading;
  catalog: Catalog;
  environment: string | null;
  exact?: 'auto' | 'never';
}): { target: string; input: CheckInput }[] {
  const { reading, catalog, environment, exact = 'auto' } = world;
  const { project, declared, files, root } = reading;
  const environments = project.environments.filter(({ name }) => environment === null || name === environment);
  const discoveryOf = ({ target, part }: ProjectPart) => catalog.discoveries.get(partKey(target, part.name)) ?? NOTHING;
  return project.parts.map((one) => ({
    target: one.target,
    input: {
      root,
      files,
      part: one.part,
      values: valuesIn(project, environment),
      discovery: discoveryOf(one),
      exact,
      environment,
      environments,
      valueNames: project.values.map(({ name }) => name),
      siblings: declared
        ? project.parts
            .filter((other) => other.target === one.target && other.part.name !== one.part.name)
            .map((other) => ({ part: other.part, discovery: discoveryOf(other) }))
        : [],
      declared,
      ownerOf: (asset) => project.owner ?? ownerByRule(project, asset),
    },
  }));
}

function ownerByRule({ assetRules }: Project, asset: AssetKey): string | null {
  return assetRules.find(({ pattern, owner }) => owner !== null && matcherOf(pattern)(asset))?.owner ?? null;
}

/** The values of the environment over the defaults; the defaults alone when none is asked for. The catalogue reads with the same, so that code is read once. */
export function valuesIn(project: Project, environment: string | null): { [name: string]: Json } {
  const chosen = project.environments.find(({ name }) => name === environment);
  const defaults = project.values.filter(({ required }) => !required).map((value) => [value.name, value.default]);
  return { ...Object.fromEntries(defaults), ...chosen?.values };
}
