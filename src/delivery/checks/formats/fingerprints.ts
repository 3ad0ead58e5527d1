import type { Finding } from '../../../model/finding.ts';
import { digestOf, hexOf } from '../../../model/identifiers.ts';

/**
 * For each finding 32 hex digits that stay when lines above it come or go, and that differ within the list. Equal findings
 * of one file are told apart by their order.
 */
export function fingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const about = JSON.stringify([finding.check, finding.path, finding.asset, withoutLines(finding.message)]);
    const nth = (seen.get(about) ?? 0) + 1;
    seen.set(about, nth);
    return hexOf(digestOf(`${about}#${nth}`)).slice(0, 32);
  });
}

/** Messages name other lines ("also in a.py, line 7", "a.py:7"); these move as well. */
function withoutLines(message: string): string {
  return message.replace(/\b(lines?) \d+/gi, '$1 N').replace(/(\.\w+):\d+(:\d+)?/g, '$1:N');
}
