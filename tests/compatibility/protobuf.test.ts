import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSchemas } from '../../src/compatibility/compare-schemas.ts';
import { askReference } from './ask-reference.ts';
import { pairSeeds, tally } from './disagreements.ts';
import { protobufPair } from './generate-protobuf.ts';
import { chanceOf } from './random.ts';

type Answer = { reads: (string | null)[]; shown: string | null };

/** Rules of a registry that say more than the bytes of one record show. */
const registryOnly = /label-changed|oneof|required-field-removed/;

const explanations: { [why: string]: (detail: string) => boolean } = {
  'an enum number that a closed enum of proto2 does not know is kept aside by the reader': (detail) =>
    detail.includes('closed enum'),
  'a boolean reads every number as true: numbers and booleans are one group in the language guide': (detail) =>
    differing(detail).every((name) => new RegExp(`bool ${name}(_new)? `).test(detail)),
  'a string of proto2 may hold bytes that are no UTF-8 in Google’s runtime; protobufjs replaces them': (detail) =>
    detail.includes('bytes is read as string') && detail.includes('proto2') && detail.includes('"shown":null'),
};

/** The fields that read as something else; a name that nothing has where the difference is another. */
function differing(detail: string): string[] {
  const lists = [...detail.matchAll(/"differs: ([^"]*)"/g)].flatMap(([, list = '']) => list.split(', '));
  return lists.length === 0 ? ['-'] : lists.map((name) => (name.split('.').at(-1) ?? name).replace('_new', ''));
}

test('Protobuf verdicts hold for records as Google’s runtime writes and reads them', async (t) => {
  const cases = [];
  const sorted = tally(Object.keys(explanations));
  for (const seed of pairSeeds()) {
    const { reader, writer } = protobufPair(chanceOf(seed));
    const own = await compareSchemas({
      format: 'protobuf',
      olds: [{ name: 'old', text: writer }],
      new: { name: 'new', text: reader },
      mode: 'backward',
    });
    sorted.count(own.compatible);
    if (!own.compatible) sorted.shown(own.counterexample !== null);
    cases.push({ reader, writer, own });
  }
  const { protobuf } = await askReference<{ protobuf: Answer[] }>({
    protobuf: cases.map(({ reader, writer, own }) => ({
      ...{ reader, writer, type: own.counterexample?.type ?? 'pair.Outer' },
      ...{ bytes: own.counterexample?.bytes ?? null, samples: own.compatible ? 10 : 0 },
    })),
  });
  for (const [index, { reader, writer, own }] of cases.entries()) {
    const answer = protobuf[index];
    const detail = `${index + 1}:\nreader ${reader}\nwriter ${writer}\n${JSON.stringify(own.problems)} ${JSON.stringify(answer)}`;
    const why = Object.keys(explanations).find((name) => explanations[name]?.(detail)) ?? null;
    if (answer?.reads.some((read) => read !== null)) sorted.explain(why, detail);
    if (own.counterexample !== null && answer?.shown === null)
      sorted.explain(why, `not shown ${JSON.stringify(own.counterexample)} ${detail}`);
    const bytesTell = own.problems.filter(({ rule }) => !registryOnly.test(rule));
    if (bytesTell.length > 0 && own.counterexample === null)
      sorted.explain(why, `no counterexample ${own.because} ${detail}`);
  }
  t.diagnostic(sorted.summary('Protobuf'));
  assert.deepEqual(sorted.unexplained, []);
});
