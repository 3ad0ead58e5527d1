import type { Json } from '../../model/json.ts';
import type { Answer } from './answer.ts';
import { holdsAll } from './evaluate.ts';
import { formatAllows, formatImplies, knownFormats } from './formats.ts';
import type { Claim } from './formula.ts';
import { findText } from './patterns/find-text.ts';

/** Texts that have hardly any format. */
const oddTexts = ['text', 'not one', ' ', '%', '\\', '^', '{', '<>', 'a b', '%%', '::', '(', '0', ''];

/** A text of the wanted length that all patterns find and no forbidden one does; formats by trying. */
export function solveText(claims: readonly Claim[]): Answer {
  const texts = (k: 'pattern' | 'notPattern') => claims.flatMap((claim) => (claim.k === k ? [claim.pattern] : []));
  const counts = (k: 'minLength' | 'maxLength') => claims.flatMap((claim) => (claim.k === k ? [claim.count] : []));
  const formats = claims.flatMap((claim) => (claim.k === 'format' ? [claim.format] : []));
  const notFormats = claims.flatMap((claim) => (claim.k === 'notFormat' ? [claim.format] : []));
  if (formats.some((format) => notFormats.some((other) => formatImplies(format, other)))) return 'empty';
  const [least, most] = [Math.max(0, ...counts('minLength')), Math.min(Infinity, ...counts('maxLength'))];
  if (!formats.every((format) => formatAllows(format, least, most))) return 'empty';
  const notTexts = claims.flatMap((claim) => (claim.k === 'notValues' ? claim.values : [])).filter(isText);
  const search = findText({
    patterns: texts('pattern').sort(),
    notPatterns: texts('notPattern').sort(),
    notTexts: [...new Set(notTexts)].sort(),
    least,
    most,
  });
  if (search === 'empty') return 'empty';
  const found = search === 'unknown' ? [] : [search.found];
  const tries = [...found, ...formats.map((format) => knownFormats.get(format) ?? ''), ...oddTexts];
  const fitting = tries.find((text) => holdsAll(claims, text));
  return fitting === undefined ? 'unknown' : { found: fitting, sure: true };
}

function isText(value: Json): value is string {
  return typeof value === 'string';
}
