import type { BundleStore } from '../../base/bundle-store.ts';
import { IN_TOTO_PAYLOAD_TYPE, type Statement, statementAbout } from '../../base/in-toto.ts';
import { type SigningKey, signDsse } from '../../base/signing.ts';
import type { BundleReading } from '../../delivery/bundle/bundle-reading.ts';
import {
  type Dependency,
  fromDbtPackages,
  fromLock,
  fromMavenPackages,
  fromRequirements,
  uniqueDependencies,
} from '../../delivery/bundle/dependencies.ts';
import { FINDINGS_TYPE, PROVENANCE_TYPE, READING_TYPE, SBOM_TYPE } from '../../delivery/bundle/media-types.ts';
import { provenanceOf } from '../../delivery/bundle/provenance.ts';
import { sbomOf } from '../../delivery/bundle/sbom.ts';
import type { CheckReport } from '../../delivery/checks/report.ts';
import type { BundleContent } from '../../model/bundle.ts';
import { type Digest, digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { lockFileName } from '../../model/runtime-lock.ts';
import { readCommits } from './read-commits.ts';

/** What a findings statement says: `{findings, summary}` as `check --json` prints them. */
const FINDINGS_PREDICATE = 'urn:headgate:findings:v1';

export type AttachInput = {
  store: BundleStore;
  digest: Digest;
  content: BundleContent;
  read: BundleReading | null;
  root: string;
  files: ProjectFiles;
  key: SigningKey;
  base: string | null;
  headgate: string;
};

/** Attaches what the real tools read, the SBOM and the signed provenance to a bundle. Doing it again adds nothing new. */
export async function attachDocuments(input: AttachInput): Promise<void> {
  const { store, digest, content, read, key } = input;
  const { project, lock } = content;
  const sbom = sbomOf({ bundle: digest, project, dependencies: dependenciesOf(input) });
  await store.attach(digest, SBOM_TYPE, sbom);
  const byproducts = [{ name: 'sbom', digest: digestOf(sbom) }];
  if (read !== null) {
    const bytes = Buffer.from(canonicalJson(read));
    await store.attach(digest, READING_TYPE, bytes);
    byproducts.push({ name: 'reading', digest: digestOf(bytes) });
  }
  const commits = await readCommits(input.root, input.base);
  const statement = provenanceOf({ bundle: digest, project, commits, lock, headgate: input.headgate, byproducts });
  await attachStatement({ store, bundle: digest, artifactType: PROVENANCE_TYPE, statement, key });
}

/** Signs an in-toto statement and attaches it to a bundle. Returns the digest of the attachment. */
async function attachStatement(input: {
  store: BundleStore;
  bundle: Digest;
  artifactType: string;
  statement: Statement;
  key: SigningKey;
}): Promise<string> {
  const { store, bundle, artifactType, statement, key } = input;
  const payload = Buffer.from(canonicalJson(statement));
  const envelope = signDsse({ payloadType: IN_TOTO_PAYLOAD_TYPE, payload, key });
  return store.attach(bundle, artifactType, Buffer.from(canonicalJson(envelope)));
}

/** Signs what the checks said about a bundle and attaches it. */
export async function attachFindings(input: {
  store: BundleStore;
  bundle: Digest;
  project: string;
  report: CheckReport;
  key: SigningKey;
}): Promise<string> {
  const { store, bundle, project, report, key } = input;
  const predicate = { findings: report.findings, summary: report.summary };
  const statement = statementAbout({ name: project, digest: bundle, predicateType: FINDINGS_PREDICATE, predicate });
  return attachStatement({ store, bundle, artifactType: FINDINGS_TYPE, statement, key });
}

function dependenciesOf({ files, content }: AttachInput): Dependency[] {
  const named = files.entries.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (/^requirements[^/]*\.txt$/.test(name)) return fromRequirements(files.text(path) ?? '');
    return /^(packages|package-lock)\.ya?ml$/.test(name) ? fromDbtPackages(files.text(path) ?? '') : [];
  });
  const maven = content.parts.flatMap((part) => fromMavenPackages(part.settings));
  return uniqueDependencies([...fromLock(files.text(lockFileName) ?? ''), ...named, ...maven]);
}
