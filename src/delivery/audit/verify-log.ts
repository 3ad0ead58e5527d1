import type { TrustedKey } from '../../base/signing.ts';
import { leafOf, readEntry } from './entry.ts';
import { isSigned, type SignedHead } from './head.ts';
import { emptyFrontier, type Frontier, grow, rootOf } from './merkle.ts';

/** What is wrong with a log. `entry` is the number of the first entry concerned, null when it is about a head. */
export type LogProblem = { entry: number | null; problem: string };

/** `checkedHeads` counts the heads that stand, and `size` the entries read. */
export type LogVerdict = { ok: boolean; size: number; root: string; checkedHeads: number; problems: LogProblem[] };

export type LogToVerify = {
  /** The entries' texts, from number 0 on, exactly as they were stored. */
  texts: readonly string[];
  /** Heads that came with the log, and heads that somebody kept from earlier. The log must agree with all of them. */
  heads: readonly SignedHead[];
  keys: readonly TrustedKey[];
};

/**
 * Whether a log is whole: every entry in its place, and the tree over them the one that each signed head speaks of.
 * Any entry that was changed, removed, inserted or moved since a head was signed leads to another root than that head's.
 * Entries after the newest head stand on no signature yet; with no head at all that is a problem.
 */
export function verifyLog({ texts, heads, keys }: LogToVerify): LogVerdict {
  const problems = texts.flatMap((text, place) => entryProblems(text, place));
  const judged = [...heads].sort((a, b) => a.size - b.size);
  if (judged.length === 0) problems.push({ entry: null, problem: 'there is no signed head to compare with' });
  let frontier: Frontier = emptyFrontier;
  let stood = 0;
  for (const head of judged) {
    while (frontier.size < Math.min(head.size, texts.length)) {
      frontier = grow(frontier, leafOf(texts[frontier.size] ?? ''));
    }
    const problem = headProblem(head, { frontier, keys, logs: new Set(heads.map(({ log }) => log)) });
    if (problem === null) stood += 1;
    else problems.push({ entry: null, problem });
  }
  while (frontier.size < texts.length) frontier = grow(frontier, leafOf(texts[frontier.size] ?? ''));
  const root = rootOf(frontier).toString('hex');
  return { ok: problems.length === 0, size: texts.length, root, checkedHeads: stood, problems };
}

function entryProblems(text: string, place: number): LogProblem[] {
  const entry = readEntry(text);
  if (entry === null) return [{ entry: place, problem: `entry ${place} cannot be read` }];
  if (entry.seq === place) return [];
  return [
    { entry: place, problem: `at place ${place} stands entry ${entry.seq}: entries are missing, added or moved` },
  ];
}

type HeadWorld = { frontier: Frontier; keys: readonly TrustedKey[]; logs: ReadonlySet<string> };

function headProblem(head: SignedHead, { frontier, keys, logs }: HeadWorld): string | null {
  const named = `the head of ${head.at} (${head.size} entries)`;
  if (!isSigned(head, keys)) return `${named} is not signed by a key that is trusted (${head.keyId})`;
  if (logs.size > 1) return `${named} belongs to the log ${head.log}, but there are heads of other logs beside it`;
  if (head.size > frontier.size) return `${named} speaks of more entries than there are (${frontier.size})`;
  const root = rootOf(frontier).toString('hex');
  if (root === head.root) return null;
  return `${named} does not fit: among the first ${head.size} entries at least one was changed, removed, added or moved`;
}
