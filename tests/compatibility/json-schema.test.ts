import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSchemas } from '../../src/compatibility/compare-schemas.ts';
import { compileForAjv } from '../../src/compatibility/json-schema/confirm-json-schema.ts';
import { Interner, SchemaDocument } from '../../src/compatibility/json-schema/document.ts';
import type { Json } from '../../src/model/json.ts';
import { askReference } from './ask-reference.ts';
import { pairSeeds, tally } from './disagreements.ts';
import { jsonSchemaPair, jsonValue } from './generate-json-schema.ts';
import { type Chance, chanceOf } from './random.ts';

/** `[accepted by the writer, accepted by the reader]` of each value. */
type Answer = [boolean, boolean][];

const explanations: { [why: string]: (detail: string) => boolean } = {
  'ajv lets an empty array pass `contains` beside a list of items; jsonschema does not': (detail) =>
    // Where the empty array is the only value that shows it, ajv confirms none.
    detail.includes('"contains"') && /value (\[\]|undefined)$/.test(detail),
  'multiples of fractions: ajv and jsonschema divide binary fractions': (detail) => /multipleOf":0\./.test(detail),
};

function validatorOf(text: string): (value: Json) => boolean {
  const document = new SchemaDocument({ name: 'schema', text }, [], new Interner());
  const made = compileForAjv(document.json, document.draft, []);
  if ('because' in made) throw new Error(made.because);
  return (value) => made.validate(value) === true;
}

/** Values that the writer accepts. */
function acceptedValues(writer: string, chance: Chance): Json[] {
  const accepts = validatorOf(writer);
  return Array.from({ length: 200 }, () => jsonValue(chance))
    .filter(accepts)
    .slice(0, 40);
}

test('JSON Schema verdicts hold for values as ajv and jsonschema judge them', async (t) => {
  const cases = [];
  const sorted = tally(Object.keys(explanations));
  for (const seed of pairSeeds()) {
    const chance = chanceOf(seed);
    const { reader, writer } = jsonSchemaPair(chance);
    const own = await compareSchemas({
      format: 'json-schema',
      olds: [{ name: 'old', text: writer }],
      new: { name: 'new', text: reader },
      mode: 'backward',
    });
    sorted.count(own.compatible);
    if (!own.decided) sorted.undecided();
    if (!own.compatible) sorted.shown(own.counterexample !== null);
    const values = acceptedValues(writer, chance);
    const reads = validatorOf(reader);
    const refused = values.find((value) => !reads(value));
    const detail = `${seed}: reader ${reader} writer ${writer} ${JSON.stringify(own.problems)} value ${JSON.stringify(refused)}`;
    const why = Object.keys(explanations).find((name) => explanations[name]?.(detail)) ?? null;
    // Random values never refute a proof, and what is called incompatible is shown.
    if (own.compatible && refused !== undefined) sorted.explain(why, detail);
    if (own.decided && !own.compatible && own.counterexample === null) sorted.explain(why, detail);
    cases.push({ reader, writer, own, detail, why, values: own.counterexample ? [own.counterexample.value] : values });
  }
  const answers = await askReference<{ 'json-schema': Answer[] }>({
    'json-schema': cases.map(({ reader, writer, values }) => ({ reader, writer, values })),
  });
  for (const [index, { own, detail, why }] of cases.entries()) {
    const wrong = (answers['json-schema'][index] ?? []).filter(([written, read]) =>
      own.counterexample === null ? own.compatible && written && !read : !written || read,
    );
    if (wrong.length > 0)
      sorted.explain(why, `jsonschema ${JSON.stringify(wrong)} ${JSON.stringify(own.counterexample)} ${detail}`);
  }
  t.diagnostic(sorted.summary('JSON Schema'));
  assert.deepEqual(sorted.unexplained, []);
});
