import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import { toAvroJson } from '../../src/compatibility/avro/avro-schema.ts';
import { readAvro } from '../../src/compatibility/avro/read-avro.ts';
import { compareSchemas } from '../../src/compatibility/compare-schemas.ts';
import type { Compatibility } from '../../src/compatibility/verdict.ts';
import { askReference } from './ask-reference.ts';
import { pairSeeds, tally } from './disagreements.ts';
import { avroPair } from './generate-avro.ts';
import { chanceOf } from './random.ts';

type Answer = { compatible: boolean; reads: (string | null)[] };
type Asked = { reader: string; writer: string; own: Compatibility; answer: Answer };

/** Each way in which a verdict may differ from a reference, and why Headgate keeps to its own. */
const explanations: { [why: string]: (asked: Asked) => boolean } = {
  'logical types: the references look at the underlying type, the value read means something else': ({ own }) =>
    own.problems.length > 0 && own.problems.every((problem) => /decimal|logical/.test(problem.rule)),
  'a union without branches has no values: any reader reads them': ({ writer }) => writer.includes('[]'),
  'bytes are read as a string as the specification promotes them; some bytes are no UTF-8': ({ own, answer }) =>
    own.compatible && answer.reads.every((read) => read === null || read.startsWith('UnicodeDecodeError')),
  'an alias and a name match two fields: Apache takes the name, avsc and Java refuse': ({ own }) =>
    own.problems.some((problem) => problem.rule === 'avro-field-alias-ambiguous'),
  'a record that must hold itself has no value: Apache and avsc refuse the types, fastavro meets none of them': ({
    writer,
    own,
    answer,
  }) => !own.compatible && !answer.compatible && /"name":"(\w+)","fields":\[[^\]]*"type":"\1"/.test(writer),
};

const samples = 5;

/** Records of the writer as bytes; a recursive type may have none that avsc finds. */
function randomRecords(writer: string): string[] {
  const schema = toAvroJson(readAvro({ name: 'writer', text: writer }, []).root);
  const type = avsc.Type.forSchema(schema as Parameters<typeof avsc.Type.forSchema>[0], { wrapUnions: true });
  return Array.from({ length: samples }).flatMap(() => {
    try {
      return [type.toBuffer(type.random()).toString('hex')];
    } catch (error) {
      // What avsc makes up of a recursive type may have no end.
      if (error instanceof RangeError) return [];
      throw error;
    }
  });
}

/** As resolved by avsc: null when it reads, else why not. */
function readByAvsc(reader: string, writer: string, records: readonly string[]): string | null {
  const [to, from] = [reader, writer].map((text) => {
    const schema = toAvroJson(readAvro({ name: 'schema', text }, []).root);
    return avsc.Type.forSchema(schema as Parameters<typeof avsc.Type.forSchema>[0], { wrapUnions: true });
  });
  if (to === undefined || from === undefined) return 'no schema';
  try {
    const resolver = to.createResolver(from, { ignoreNamespaces: true } as Parameters<typeof to.createResolver>[1]);
    for (const record of records) to.fromBuffer(Buffer.from(record, 'hex'), resolver);
    return null;
  } catch (error) {
    return String(error);
  }
}

test('Avro verdicts agree with Apache’s checker, avsc and fastavro, or it is explained why not', async (t) => {
  const cases = [];
  for (const seed of pairSeeds()) {
    const { reader, writer } = avroPair(chanceOf(seed));
    const own = await compareSchemas({
      format: 'avro',
      olds: [{ name: 'old', text: writer }],
      new: { name: 'new', text: reader },
      mode: 'backward',
    });
    const shown = own.counterexample?.bytes ? [own.counterexample.bytes] : [];
    cases.push({ reader, writer, own, records: own.compatible ? randomRecords(writer) : shown });
  }
  const { avro } = await askReference<{ avro: Answer[] }>({
    avro: cases.map(({ reader, writer, records }) => ({ reader, writer, records })),
  });
  const sorted = tally(Object.keys(explanations));
  for (const [index, { reader, writer, own, records }] of cases.entries()) {
    const answer = avro[index];
    assert.ok(answer);
    const asked = { reader, writer, own, answer };
    sorted.count(own.compatible);
    const agrees =
      own.compatible === answer.compatible && answer.reads.every((read) => (read === null) === own.compatible);
    const byAvsc = own.compatible ? readByAvsc(reader, writer, records) : null;
    if (own.compatible) assert.equal(byAvsc, null, `avsc does not read pair ${index + 1}: ${reader} <- ${writer}`);
    else sorted.shown(own.counterexample !== null);
    if (agrees) continue;
    const why = Object.keys(explanations).find((name) => explanations[name]?.(asked));
    const detail = `${JSON.stringify(own.problems)} Apache ${answer.compatible}, fastavro ${JSON.stringify(answer.reads)}`;
    sorted.explain(why ?? null, `${index + 1}: reader ${reader} writer ${writer}\n  ${detail}`);
  }
  t.diagnostic(sorted.summary('Avro'));
  assert.deepEqual(sorted.unexplained, []);
});
