import type { Json } from '../../../model/json.ts';
import type { Project } from '../../project/project.ts';

/** A container image that a part names, and where in headgate.yaml. */
export type NamedImage = { image: string; at: PropertyKey[] };

/** Every setting called `image`, or that ends in it (`spark.kubernetes.container.image`), in the order of headgate.yaml. */
export function namedImages(project: Project): NamedImage[] {
  return project.parts.flatMap(({ target, part }) =>
    imagesIn(part.settings, []).map(({ image, at }) => ({ image, at: ['parts', target, part.name, ...at] })),
  );
}

function imagesIn(settings: Json | undefined, at: PropertyKey[]): NamedImage[] {
  if (settings === null || typeof settings !== 'object' || at.length > 50) return [];
  return Object.entries(settings).flatMap(([key, value]) =>
    typeof value === 'string' && /(?:^|[._-])image$/i.test(key)
      ? [{ image: value, at: [...at, key] }]
      : imagesIn(value, [...at, key]),
  );
}

/** True when the image is named by its content, `name@sha256:<64 hex>`, which nobody can move. */
export function isPinned(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image);
}
