/** A pattern that must be found, or must not be. */
export type PatternPart = { pattern: string; wanted: boolean };

/**
 * Takes look-ahead behind a leading `^` and look-behind before a closing `$` apart, which say each something about the whole text:
 * `^(?=.*x)(?!y)z$` is found where `^(?:.*x)` and `^z$` are, and `^(?:y)` is not. Other patterns stay whole.
 */
export function splitPattern(pattern: string): PatternPart[] {
  if (!pattern.includes('(?') || hasTopAlternatives(pattern)) return [{ pattern, wanted: true }];
  const parts: PatternPart[] = [];
  let rest = pattern;
  for (let ahead = lookAhead(rest); ahead !== null; ahead = lookAhead(rest)) {
    parts.push({ pattern: `^(?:${ahead.inner})`, wanted: ahead.wanted });
    rest = `^${ahead.rest}`;
  }
  for (let behind = lookBehind(rest); behind !== null; behind = lookBehind(rest)) {
    parts.push({ pattern: `(?:${behind.inner})$`, wanted: behind.wanted });
    rest = `${behind.rest}$`;
  }
  return [...parts, { pattern: rest, wanted: true }];
}

type Look = { inner: string; wanted: boolean; rest: string };

function lookAhead(pattern: string): Look | null {
  const sign = /^\^\(\?([=!])/.exec(pattern)?.[1];
  const end = sign === undefined ? -1 : groupEnd(pattern, 1);
  if (end < 0 || isRepeated(pattern, end)) return null;
  return { inner: pattern.slice(4, end), wanted: sign === '=', rest: pattern.slice(end + 1) };
}

function lookBehind(pattern: string): Look | null {
  if (!pattern.endsWith(')$')) return null;
  for (const { index, 1: sign } of pattern.matchAll(/\(\?<([=!])/g)) {
    if (groupEnd(pattern, index) !== pattern.length - 2 || !isTop(pattern, index)) continue;
    return { inner: pattern.slice(index + 4, -2), wanted: sign === '=', rest: pattern.slice(0, index) };
  }
  return null;
}

function isRepeated(pattern: string, end: number): boolean {
  return /^[*+?{]/.test(pattern.slice(end + 1));
}

/** The characters of a pattern that are no text of it, with the depth of groups before each. */
function* signs(pattern: string): Generator<{ sign: string; index: number; depth: number }> {
  let [depth, inClass] = [0, false];
  for (let index = 0; index < pattern.length; index += 1) {
    const sign = pattern.charAt(index);
    if (sign === '\\') index += 1;
    else if (inClass) inClass = sign !== ']';
    else if (sign === '[') inClass = true;
    else {
      if (sign === ')') depth -= 1;
      yield { sign, index, depth };
      if (sign === '(') depth += 1;
    }
  }
}

function hasTopAlternatives(pattern: string): boolean {
  return [...signs(pattern)].some(({ sign, depth }) => sign === '|' && depth === 0);
}

function isTop(pattern: string, at: number): boolean {
  return [...signs(pattern)].some(({ index, depth }) => index === at && depth === 0);
}

/** Where the group that begins at an index ends; -1 where it does not. */
function groupEnd(pattern: string, begin: number): number {
  let own = -1;
  for (const { sign, index, depth } of signs(pattern)) {
    if (index === begin) own = depth;
    if (index > begin && sign === ')' && depth === own) return index;
  }
  return -1;
}
