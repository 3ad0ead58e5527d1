import { z } from 'zod';

/** The payload type of an in-toto statement in a DSSE envelope. */
export const IN_TOTO_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** An in-toto statement, version 1: what `predicateType` says of the subjects. Digest values are hex without a prefix. */
export const Statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha256: z.string() }) })).min(1),
  predicateType: z.string(),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.infer<typeof Statement>;

/** A statement about one thing, named and known by its digest `sha256:<hex>`. */
export function statementAbout(input: {
  name: string;
  digest: string;
  predicateType: string;
  predicate: Record<string, unknown>;
}): Statement {
  const { name, predicateType, predicate } = input;
  const sha256 = input.digest.replace(/^sha256:/, '');
  return { _type: STATEMENT_TYPE, subject: [{ name, digest: { sha256 } }], predicateType, predicate };
}

/** True when the statement is about this digest (`sha256:<hex>`). */
export function isAbout(statement: Statement, digest: string): boolean {
  return statement.subject.some((subject) => `sha256:${subject.digest.sha256}` === digest);
}
