import type { z } from 'zod';
import type { ServiceLevel } from '../../model/asset.ts';
import type { AssetRule, DeclaredValue } from './project.ts';
import type { projectFields, serviceLevel } from './project-schema.ts';

/** The fields of headgate.yaml that could be read. */
export type ProjectFields = { [Field in keyof typeof projectFields]?: z.infer<(typeof projectFields)[Field]> };

export function valuesOf(fields: ProjectFields): DeclaredValue[] {
  return Object.entries(fields.values ?? {}).map(([name, declared]) => ({
    name,
    type: declared.type,
    description: declared.description ?? null,
    required: declared.default === undefined,
    default: declared.default ?? null,
  }));
}

export function assetRulesOf(fields: ProjectFields): AssetRule[] {
  return Object.entries(fields.assets ?? {}).map(([pattern, rule]) => ({
    pattern,
    owner: rule.owner ?? null,
    serviceLevel: rule['service-level'] === undefined ? null : levelOf(rule['service-level']),
    sensitivity: rule.sensitivity ?? [],
  }));
}

function levelOf(level: z.infer<typeof serviceLevel>): ServiceLevel {
  return { every: level.every ?? null, within: level.within ?? null, by: level.by ?? null };
}
