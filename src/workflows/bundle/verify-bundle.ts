import type { Attachment, BundleStore } from '../../base/bundle-store.ts';
import { HeadgateError } from '../../base/errors.ts';
import { isAbout, Statement } from '../../base/in-toto.ts';
import { DsseEnvelope, type TrustedKey, verifyDsse } from '../../base/signing.ts';
import { judgeTar } from '../../base/tar/unpack-tar.ts';
import {
  FINDINGS_TYPE,
  PART_ANNOTATION,
  PROVENANCE_TYPE,
  READING_TYPE,
  SBOM_TYPE,
} from '../../delivery/bundle/media-types.ts';
import { byproductsOf } from '../../delivery/bundle/provenance.ts';
import type { Digest } from '../../model/identifiers.ts';
import { archiveLimits, readIdentity } from './read-bundle.ts';

/** Something that is not as it was made. `subject` names it: a blob's digest, a part, an attachment. */
export type Problem = { subject: string; problem: string };

/** A document beside the bundle; `signedBy` is the key's id. `trusted` null: it is of a kind that nobody signs. */
export type VerifiedAttachment = { type: string; digest: string; signedBy: string | null; trusted: boolean | null };

/** `ok` is true when there is no problem. Without trusted keys signatures are not judged and every `trusted` is false. */
export type Verification = {
  digest: Digest;
  ok: boolean;
  project: string | null;
  parts: { part: string; blob: Digest; files: number; bytes: number }[];
  attachments: VerifiedAttachment[];
  problems: Problem[];
};

/**
 * Checks a bundle offline: every blob against its digest and size, the manifest against the content, every archive entry,
 * and, when keys are given, every signature. Problems are values; throws `bundle-not-found`, `bundle-too-new`.
 */
export async function verifyBundle(
  store: BundleStore,
  digest: Digest,
  trusted: readonly TrustedKey[],
): Promise<Verification> {
  const problems: Problem[] = [];
  const note = (subject: string, problem: string) => problems.push({ subject, problem });
  const identity = await verified(() => readIdentity(store, digest), digest, note);
  for (const { digest: blob, size, annotations } of identity?.manifest.layers ?? []) {
    const name = `${annotations?.[PART_ANNOTATION] ?? 'layer'} (${blob})`;
    await verifyLayer({ store, blob, size, name }, note);
    const part = identity?.content.parts.find((candidate) => candidate.part === annotations?.[PART_ANNOTATION]);
    if (part !== undefined) await verifyCount({ store, blob, files: part.files, name }, note);
  }
  const attached = (await verified(() => store.attachments(digest, null), `attachments of ${digest}`, note)) ?? [];
  const attachments = attached.map((attachment) => verifyAttachment({ attachment, digest, trusted, attached }, note));
  const parts = identity?.content.parts ?? [];
  return {
    digest,
    ok: problems.length === 0,
    project: identity?.content.project ?? null,
    parts: parts.map(({ part, blob, files, bytes }) => ({ part, blob, files, bytes })),
    attachments,
    problems,
  };
}

type Note = (subject: string, problem: string) => void;

/** What `read` gives, or null when it found damage, which is noted. Anything else is thrown on. */
async function verified<Value>(read: () => Promise<Value>, subject: string, note: Note): Promise<Value | null> {
  try {
    return await read();
  } catch (error) {
    const damage = ['bundle-damaged', 'blob-damaged', 'blob-missing', 'archive-refused'];
    if (!(error instanceof HeadgateError) || !damage.includes(error.code)) throw error;
    note(subject, error.message);
    return null;
  }
}

type Layer = { store: BundleStore; blob: string; size: number; name: string };

async function verifyLayer({ store, blob, size, name }: Layer, note: Note): Promise<void> {
  const found = await store.inspectBlob(blob);
  if (found === null) note(name, 'It is missing.');
  else if (!found.match) note(name, `It holds other bytes (${found.digest}, ${found.size} bytes).`);
  else if (found.size !== size) note(name, `It has ${found.size} bytes; the manifest says ${size}.`);
}

async function verifyCount(layer: Omit<Layer, 'size'> & { files: number }, note: Note): Promise<void> {
  const { store, blob, files, name } = layer;
  const state = await store.inspectBlob(blob);
  if (state?.match !== true) return;
  const archive = { digest: blob, open: () => store.streamBlob(blob) };
  const found = await verified(() => judgeTar(archive, archiveLimits), name, note);
  if (found !== null && found.files !== files) note(name, `It holds ${found.files} files; the content says ${files}.`);
}

type Attached = { attachment: Attachment; digest: Digest; trusted: readonly TrustedKey[]; attached: Attachment[] };

function verifyAttachment(input: Attached, note: Note): VerifiedAttachment {
  const { attachment, digest, trusted } = input;
  const { artifactType: type, manifest } = attachment;
  const name = `${type} (${manifest})`;
  if (type === SBOM_TYPE || type === READING_TYPE) {
    const covered = input.attached.some((other) => coversBlob(other, attachment.blob, trusted));
    if (!covered && trusted.length > 0) note(name, 'No trusted provenance names it.');
    return { type, digest: manifest, signedBy: null, trusted: covered };
  }
  if (type !== PROVENANCE_TYPE && type !== FINDINGS_TYPE)
    return { type, digest: manifest, signedBy: null, trusted: null };
  const envelope = DsseEnvelope.safeParse(jsonOf(attachment.bytes));
  const signedBy = envelope.data?.signatures[0]?.keyid ?? null;
  const statement = statementIn(attachment, trusted);
  if (trusted.length > 0) noteSignature({ name, attachment, trusted }, note);
  if (envelope.success && !isAboutBundle(envelope.data.payload, digest)) note(name, 'It is about another bundle.');
  return { type, digest: manifest, signedBy, trusted: statement !== null };
}

function noteSignature(
  input: { name: string; attachment: Attachment; trusted: readonly TrustedKey[] },
  note: Note,
): void {
  const verdict = verifyDsse(jsonOf(input.attachment.bytes), input.trusted);
  if (!verdict.valid) note(input.name, signatureProblems[verdict.because]);
}

const signatureProblems = {
  untrusted: 'It is signed by a key that is not trusted.',
  'wrong-signature': 'Its signature is wrong.',
  malformed: 'It is no signed envelope.',
};

function coversBlob(other: Attachment, blob: string, trusted: readonly TrustedKey[]): boolean {
  if (other.artifactType !== PROVENANCE_TYPE) return false;
  const statement = statementIn(other, trusted);
  return statement !== null && byproductsOf(statement).some((digest) => digest === blob);
}

/** The statement in an attachment that a trusted key signed, else null. */
export function statementIn(attachment: Attachment, trusted: readonly TrustedKey[]): Statement | null {
  const verdict = verifyDsse(jsonOf(attachment.bytes), trusted);
  if (!verdict.valid) return null;
  return Statement.safeParse(jsonOf(verdict.payload)).data ?? null;
}

function isAboutBundle(payload: string, digest: Digest): boolean {
  const statement = Statement.safeParse(jsonOf(Buffer.from(payload, 'base64')));
  return statement.success && isAbout(statement.data, digest);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}
