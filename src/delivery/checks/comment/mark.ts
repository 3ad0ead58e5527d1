/**
 * What stands, hidden, in the first line of a comment of ours. `key` tells the comments of several projects in one pull
 * request apart; `run` and `attempt` tell which run wrote it, so that a slow old run does not overwrite a newer one's word.
 */
export type CommentMark = { key: string; run: number; attempt: number };

const pattern = /^<!-- headgate:comment key=(\S+) run=(\d+)\.(\d+) -->\n/;

export function markedBody(mark: CommentMark, text: string): string {
  return `${lineOf(mark)}\n${text}`;
}

/** The mark of a comment, or null when it is none of ours. */
export function markOf(body: string): CommentMark | null {
  const [, key, run, attempt] = pattern.exec(body.replaceAll('\r\n', '\n')) ?? [];
  if (key === undefined) return null;
  return { key: decoded(key), run: Number(run), attempt: Number(attempt) };
}

/** True when `a` was written by a later run, or a later attempt of the same. */
export function isNewer(a: CommentMark, b: CommentMark): boolean {
  return a.run > b.run || (a.run === b.run && a.attempt > b.attempt);
}

/** How many characters the mark takes off what a comment can hold. */
export function markLength(mark: CommentMark): number {
  return lineOf(mark).length + 1;
}

function lineOf({ key, run, attempt }: CommentMark): string {
  // An HTML comment ends at the first `--`, so a key has none.
  const safe = encodeURIComponent(key.toWellFormed()).replaceAll('-', '%2D');
  return `<!-- headgate:comment key=${safe} run=${run}.${attempt} -->`;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
