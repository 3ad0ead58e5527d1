import type { Chance } from '../sql/chance.ts';

/** A change of one file that is no Python; null where there is nothing of that kind in it. */
type Change = (text: string, chance: Chance) => string | null;

function place(pattern: RegExp, into: (found: string, chance: Chance) => string): Change {
  return (text, chance) => {
    const places = [...text.matchAll(pattern)];
    if (places.length === 0) return null;
    const found = chance.pick(places);
    return text.slice(0, found.index) + into(found[0], chance) + text.slice(found.index + found[0].length);
  };
}

const otherNumber = (found: string, chance: Chance) => String(Number(found) + chance.pick([1, -1, 10]));
const otherWord = (found: string, chance: Chance) => chance.pick([`${found}_x`, found.toUpperCase(), 'other']);

const number = place(/(?<![\w.$"'-])\d+(?![\w.:"'])/g, otherNumber);
const comment = place(/(?<=[^\s\\:,{[(|>&])\n(?! *(?:-|\w+:) *[|>])/g, (_, chance) =>
  chance.pick(['  # why\n', '\n# why\n']),
);

const yaml: { [name: string]: Change } = {
  number,
  word: place(/(?<=: |\[|, )[a-z][\w-]+(?=\s*[\n,\]}])/g, otherWord),
  text: place(/(?<=")[^"\n]+(?=")/g, (found) => `${found}x`),
  'a line': place(/^ +\S.*\n/gm, () => ''),
  'a line twice': place(/^ +- .*\n/gm, (found) => found + found),
  'a key': place(/(?<=^ *)[a-z][\w-]*(?=:)/gm, (found) => `${found}_x`),
  boolean: place(/\b(?:true|false)\b/g, (found) => (found === 'true' ? 'false' : 'true')),
  comment,
  quotes: place(/(?<=: )[a-z][a-z_]+(?=\n)/g, (found, chance) => chance.pick([`"${found}"`, `'${found}'`])),
  'white space': place(/(?<=\w:) (?=\S)/g, () => '   '),
  'an empty line': place(/\n(?= *[a-z][\w-]*: )/g, () => '\n\n'),
  'a document mark': (text) => `---\n${text}`,
  'line ends': (text) => text.replaceAll('\n', '\r\n'),
};

const json: { [name: string]: Change } = {
  number,
  word: place(/(?<=")[a-z]\w*(?=")/g, otherWord),
  type: place(/"(?:string|long|int|null|double|boolean)"/g, (_, chance) =>
    chance.pick(['"string"', '"long"', '"int"', '"null"', '"double"', '"bytes"']),
  ),
  'white space': (text) => JSON.stringify(JSON.parse(text)),
  indentation: (text) => JSON.stringify(JSON.parse(text), null, 4),
  'a default': place(
    /"type": ?"(?:string|long|int)"/g,
    (found) => `${found}, "default": ${found.includes('string') ? '""' : '0'}`,
  ),
  'a documentation': place(/"type": ?"(?:string|long|int)"/g, (found) => `${found}, "doc": "Why."`),
};

const hcl: { [name: string]: Change } = {
  number,
  word: place(/(?<=")[\w:/-]+(?=")/g, otherWord),
  boolean: yaml.boolean ?? number,
  'a line': place(/^ +\w+ += .*\n/gm, () => ''),
  comment: place(/\n/g, (_, chance) => chance.pick([' # why\n', ' // why\n', '\n/* why */\n'])),
  'white space': place(/(?<=\w) +=/g, () => '     ='),
  'an empty line': place(/\n(?= +\w+ +=)/g, () => '\n\n'),
  'another name': place(/(?<=\.)lake\b/g, () => 'pond'),
};

/** The changes of a file by its name. */
export function changesOf(path: string): { [name: string]: Change } {
  if (/\.ya?ml$/.test(path)) return yaml;
  if (/\.avsc$/.test(path)) return json;
  return /\.tf$/.test(path) ? hcl : {};
}
