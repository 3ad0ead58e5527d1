import type { Asset, Edge } from '../../model/asset.ts';
import { assetKey, type PartKey, partKey } from '../../model/identifiers.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { mention } from '../../model/mention.ts';
import { valueNames } from '../../model/value-names.ts';
import type { Project } from '../project/project.ts';

/**
 * The values that headgate.yaml declares, and which assets are set up with them: `facts.values` names them, and `facts.variables` what its
 * tool is given them as (Airflow Variables, dbt's vars). They belong to no part, because what another value does is said of their users.
 */
export function valueAssets(
  project: Pick<Project, 'values' | 'parts'>,
  assets: readonly Asset[],
): { assets: Asset[]; edges: Edge[] } {
  const declared = new Set(project.values.map(({ name }) => name));
  if (declared.size === 0) return { assets: [], edges: [] };
  const settings = new Map<PartKey, JsonObject>(
    project.parts.map(({ target, part }) => [partKey(target, part.name), part.settings]),
  );
  const edges = assets.flatMap((asset) => {
    const own = asset.part === null ? undefined : settings.get(asset.part);
    const named = [...textsIn(asset.facts.values), ...(own === undefined ? [] : given(asset, own))];
    return [...new Set(named)]
      .filter((name) => declared.has(name))
      .map((name): Edge => ({ from: assetKey('value', name), to: asset.key, kind: 'configures' }));
  });
  const found = project.values.map(
    ({ name, type, description, required }): Asset => ({
      ...mention(assetKey('value', name)),
      path: 'headgate.yaml',
      facts: { type, description, required },
    }),
  );
  return { assets: found, edges };
}

/** The values behind the variables that an asset reads: those in `vars` of its part, else of the same name. */
function given(asset: Asset, settings: JsonObject): string[] {
  const { vars, variables } = settings;
  const isListed = (name: string) => !Array.isArray(variables) || variables.includes(name);
  return textsIn(asset.facts.variables).flatMap((name) => {
    if (vars === undefined) return isListed(name) ? [name] : [];
    const said = vars !== null && typeof vars === 'object' && !Array.isArray(vars) ? vars[name] : undefined;
    return said === undefined ? [] : valueNames(said);
  });
}

function textsIn(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
