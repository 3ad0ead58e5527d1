import { matcherOf } from '../../delivery/catalog/asset-rules.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { Project } from '../../delivery/project/project.ts';
import { type AssetKey, partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { CheckInput, DeclaredPart, Discovery } from '../../targets/contract.ts';
import type { ProjectReading } from '../project/read-project.ts';

const NOTHING: Discovery = { assets: [], edges: [], findings: [] };

/** What each part's checks are given, in the order of headgate.yaml; what was found in the parts comes with `withDiscovery`. */
export function checkInputs(world: {
  reading: ProjectReading;
  environment: string | null;
  exact?: 'auto' | 'never';
}): { target: string; input: CheckInput }[] {
  const { reading, environment, exact = 'auto' } = world;
  const { project, declared, files, root } = reading;
  const environments = project.environments.filter(({ name }) => environment === null || name === environment);
  return project.parts.map((one) => ({
    target: one.target,
    input: {
      root,
      files,
      part: one.part,
      values: valuesIn(project, environment),
      discovery: NOTHING,
      exact,
      environment,
      environments,
      valueNames: project.values.map(({ name }) => name),
      siblings: declared
        ? project.parts
            .filter((other) => other.target === one.target && other.part.name !== one.part.name)
            .map(({ part }) => ({ part, discovery: NOTHING }))
        : [],
      declared,
      ownerOf: (asset) => project.owner ?? ownerByRule(project, asset),
    },
  }));
}

/** The input with what the catalogue has of the part and of its siblings. */
export function withDiscovery(input: CheckInput, target: string, { discoveries }: Catalog): CheckInput {
  const discoveryOf = (part: DeclaredPart) => discoveries.get(partKey(target, part.name)) ?? NOTHING;
  const siblings = input.siblings.map(({ part }) => ({ part, discovery: discoveryOf(part) }));
  return { ...input, discovery: discoveryOf(input.part), siblings };
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
