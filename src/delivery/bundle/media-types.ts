/** What a bundle calls itself, as the artifact type of its OCI manifest. */
export const BUNDLE_TYPE = 'application/vnd.headgate.bundle.v1';
/** The config blob: canonical JSON of the content. */
export const CONTENT_TYPE = 'application/vnd.headgate.bundle.content.v1+json';
/** A part's files, as plain tar: no compressor's version can move a digest. */
export const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar';
/** What the real tools say of the bundle's parts. */
export const READING_TYPE = 'application/vnd.headgate.bundle.reading.v1+json';
/** Software bill of materials, CycloneDX 1.6. */
export const SBOM_TYPE = 'application/vnd.cyclonedx+json';
/** SLSA provenance, an in-toto statement in a DSSE envelope when it is signed. */
export const PROVENANCE_TYPE = 'application/vnd.in-toto.provenance+dsse';
/** Findings of the checks, the same way. */
export const FINDINGS_TYPE = 'application/vnd.headgate.findings.v1+dsse';

/** Annotation of a layer: the part whose files it holds. */
export const PART_ANNOTATION = 'org.headgate.part';
/** The value of that annotation for the project's own files (headgate.yaml, environments, headgate.lock). */
export const PROJECT_LAYER = '#project';
