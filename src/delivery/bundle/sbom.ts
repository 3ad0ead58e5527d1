import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { type Digest, hexOf } from '../../model/identifiers.ts';
import type { Dependency } from './dependencies.ts';

/**
 * The software bill of materials of a bundle: CycloneDX 1.6 JSON. Its serial number comes from the bundle's digest and it
 * holds no time, so that the same bundle has the same bytes.
 */
export function sbomOf(input: { bundle: Digest; project: string; dependencies: readonly Dependency[] }): Buffer {
  const { bundle, project, dependencies } = input;
  const subject = new Models.Component(Enums.ComponentType.Application, project, {
    bomRef: 'bundle',
    version: bundle,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], hexOf(bundle)]]),
  });
  const components = dependencies.map(componentOf);
  for (const component of components) subject.dependencies.add(component.bomRef);
  const bom = new Models.Bom({
    serialNumber: serialNumber(bundle),
    metadata: new Models.Metadata({ component: subject }),
    components: new Models.ComponentRepository(components),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return Buffer.from(serializer.serialize(bom, { sortLists: true, space: 2 }));
}

function componentOf(dependency: Dependency): Models.Component {
  const { group, name, version, sha256 } = dependency;
  const purl = purlOf(dependency);
  const [only] = sha256;
  return new Models.Component(Enums.ComponentType.Library, name, {
    bomRef: purl,
    purl,
    ...(group === null ? {} : { group }),
    ...(version === null ? {} : { version }),
    // A requirement lists one hash a wheel; only a single one is the hash of the component.
    ...(only !== undefined && sha256.length === 1
      ? { hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], only]]) }
      : {}),
  });
}

function purlOf({ ecosystem, group, name, version }: Dependency): string {
  const type = ecosystem === 'dbt' ? 'generic/dbt' : ecosystem;
  const path = [...(group === null ? [] : group.split('/')), name].map(encodeURIComponent).join('/');
  return `pkg:${type}/${path}${version === null ? '' : `@${encodeURIComponent(version)}`}`;
}

/** A UUID (version 8: made from a hash) out of the digest. */
function serialNumber(bundle: Digest): string {
  const hex = hexOf(bundle);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
