import type { BundleUnit } from '../../model/bundle.ts';
import { type Digest, type PartKey, partKey } from '../../model/identifiers.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { Delivery, Discovery } from '../../targets/contract.ts';
import type { ProjectPart } from '../project/project.ts';
import { neverPacked } from './never-packed.ts';

/** A part and which files go into its blob. */
export type LaidOutPart = {
  part: PartKey;
  target: string;
  name: string;
  settings: JsonObject;
  paths: string[];
  units: BundleUnit[];
};

/** A file of a part that is not packed, and why. */
export type LeftOut = { path: string; because: string };

export type LayOutInput = {
  parts: readonly ProjectPart[];
  files: ProjectFiles;
  discoveries: ReadonlyMap<PartKey, Discovery>;
  /** The delivering half of a target; null for one that is catalogued only, whose parts are not packed. */
  delivery(target: string): Pick<Delivery, 'layout'> | null;
  fileDigest(path: string): Digest;
};

/** Lays out every part that can be delivered, sorted by key. Files that must never be packed are taken out and named. */
export function layOutParts(input: LayOutInput): { parts: LaidOutPart[]; leftOut: LeftOut[] } {
  const parts = input.parts.flatMap((declared) => layOutPart(declared, input));
  const reasons = new Map<string, string>();
  for (const part of parts) {
    for (const path of part.paths) {
      const because = neverPacked(path);
      if (because !== null) reasons.set(path, because);
    }
    part.paths = part.paths.filter((path) => !reasons.has(path));
  }
  const leftOut = [...reasons].map(([path, because]) => ({ path, because }));
  return { parts: parts.sort((left, right) => (left.part < right.part ? -1 : 1)), leftOut };
}

function layOutPart({ target, part }: ProjectPart, input: LayOutInput): LaidOutPart[] {
  const delivery = input.delivery(target);
  if (delivery === null) return [];
  const key = partKey(target, part.name);
  const discovery = input.discoveries.get(key) ?? { assets: [], edges: [], findings: [] };
  const { paths, units } = delivery.layout({ files: input.files, part, discovery, fileDigest: input.fileDigest });
  return [
    { part: key, target, name: part.name, settings: part.settings, paths: [...new Set(paths)], units: sorted(units) },
  ];
}

function sorted(units: BundleUnit[]): BundleUnit[] {
  return units
    .map((unit) => ({ ...unit, assets: [...unit.assets].sort() }))
    .sort((left, right) => (left.unit < right.unit ? -1 : left.unit > right.unit ? 1 : 0));
}
