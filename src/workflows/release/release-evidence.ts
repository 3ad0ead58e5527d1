import { z } from 'zod';
import type { BundleStore } from '../../base/bundle-store.ts';
import { isAbout, Statement } from '../../base/in-toto.ts';
import { DsseEnvelope, type TrustedKey, verifyDsse } from '../../base/signing.ts';
import { FINDINGS_TYPE, PROVENANCE_TYPE } from '../../delivery/bundle/media-types.ts';
import { authorsOf } from '../../delivery/bundle/provenance.ts';
import type { FindingsSummary } from '../../delivery/release/release.ts';
import { blocks } from '../../model/finding.ts';
import { type Digest, digestOf } from '../../model/identifiers.ts';
import { statementIn } from '../bundle/verify-bundle.ts';

const FindingsPredicate = z.object({
  checks: z.array(z.string()).default([]),
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(['passed', 'failed', 'errored', 'skipped', 'flaky']),
      severity: z.enum(['error', 'warning', 'note']),
    }),
  ),
  summary: z.object({ passed: z.number(), failed: z.number(), errored: z.number(), skipped: z.number() }),
});

const none: FindingsSummary = {
  digest: null,
  signedBy: null,
  passed: 0,
  failed: 0,
  errored: 0,
  skipped: 0,
  cleanChecks: [],
  blocking: 0,
};

/** What the newest findings document that a trusted key signed over this bundle adds up to. Others do not count. */
export async function findingsOf(
  store: BundleStore,
  bundle: Digest,
  trusted: readonly TrustedKey[],
): Promise<FindingsSummary> {
  for (const attachment of (await store.attachments(bundle, FINDINGS_TYPE)).toReversed()) {
    const statement = statementIn(attachment, trusted);
    const signed = verifyDsse(JSON.parse(attachment.bytes.toString('utf8')), trusted);
    if (statement === null || !signed.valid || !isAbout(statement, bundle)) continue;
    const read = FindingsPredicate.safeParse(statement.predicate);
    if (!read.success) continue;
    const { checks, findings, summary } = read.data;
    const { passed, failed, errored, skipped } = summary;
    const blocking = findings.filter((finding) => blocks({ ...finding, ...nowhere }));
    // A check that was skipped has said nothing, so a gate that requires it is not met.
    const told = findings.filter(({ status }) => status !== 'skipped');
    const ran = new Set([...checks, ...told.map(({ check }) => check)]);
    const unclean = findings.filter(({ status }) => status === 'errored');
    for (const { check } of [...blocking, ...unclean]) ran.delete(check);
    const digest = digestOf(attachment.bytes);
    return {
      digest,
      signedBy: signed.keyId,
      passed,
      failed,
      errored,
      skipped,
      cleanChecks: [...ran].sort(),
      blocking: blocking.length,
    };
  }
  return none;
}

const nowhere = { asset: null, path: null, line: null, message: '', hint: null };

/**
 * Everybody whom a provenance of the bundle names, by whole entry, name and address. Signatures are not asked for here:
 * a name too many only keeps that person from approving.
 */
export async function authorsIn(store: BundleStore, bundle: Digest): Promise<string[]> {
  const attachments = await store.attachments(bundle, PROVENANCE_TYPE);
  const named = attachments.flatMap(({ bytes }) => {
    const envelope = DsseEnvelope.safeParse(JSON.parse(bytes.toString('utf8')));
    if (!envelope.success) return [];
    const payload: unknown = JSON.parse(Buffer.from(envelope.data.payload, 'base64').toString('utf8'));
    const statement = Statement.safeParse(payload);
    return statement.success && isAbout(statement.data, bundle) ? authorsOf(statement.data) : [];
  });
  return [...new Set(named.flatMap(namesOf))].sort();
}

/** `Ada Byron <ada@example.test>` is also `Ada Byron` and `ada@example.test`. */
function namesOf(author: string): string[] {
  const match = /^(.*?)\s*<([^>]+)>$/.exec(author);
  return match === null ? [author] : [author, match[1] ?? '', match[2] ?? ''].filter((name) => name !== '');
}
