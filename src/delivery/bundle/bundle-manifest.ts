import { type Descriptor, MANIFEST_TYPE, type OciManifest } from '../../base/oci.ts';
import type { BundleContent } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/json.ts';
import { BUNDLE_TYPE, CONTENT_TYPE, LAYER_TYPE, PART_ANNOTATION, PROJECT_LAYER } from './media-types.ts';

/** A blob by digest and size. */
export type SizedBlob = { digest: string; size: number };

/** The OCI manifest of a bundle: its content as config, one layer a part in the content's order, the project's own files last. */
export function bundleManifest(input: { content: BundleContent; config: SizedBlob; project: SizedBlob }): OciManifest {
  const { content, config, project } = input;
  const layers = content.parts.map((part) => layer(part.part, { digest: part.blob, size: part.bytes }));
  return {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: BUNDLE_TYPE,
    config: { mediaType: CONTENT_TYPE, ...config },
    layers: [...layers, layer(PROJECT_LAYER, project)],
  };
}

/** The manifest's bytes, whose digest names the bundle. */
export function manifestBytes(manifest: OciManifest): Buffer {
  return Buffer.from(canonicalJson(manifest));
}

/** Why the manifest and the content do not belong together, or null when they do. */
export function disagreement(manifest: OciManifest, content: BundleContent): string | null {
  const layers = manifest.layers.filter((candidate) => candidate.annotations?.[PART_ANNOTATION] !== PROJECT_LAYER);
  if (layers.length !== manifest.layers.length - 1) return 'it must hold the project files once';
  if (layers.length !== content.parts.length) return 'it has other parts than its content says';
  for (const [index, part] of content.parts.entries()) {
    const found = layers[index];
    if (found?.annotations?.[PART_ANNOTATION] !== part.part) return `${part.part} is not where its content says`;
    if (found.digest !== part.blob || found.size !== part.bytes)
      return `${part.part} is not the blob that its content says`;
  }
  const odd = manifest.layers.find((candidate) => candidate.mediaType !== LAYER_TYPE);
  return odd === undefined ? null : `a layer is of the unknown type ${odd.mediaType}`;
}

function layer(part: string, blob: SizedBlob): Descriptor {
  return { mediaType: LAYER_TYPE, digest: blob.digest, size: blob.size, annotations: { [PART_ANNOTATION]: part } };
}
