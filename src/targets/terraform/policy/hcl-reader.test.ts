import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHcl } from './hcl-reader.ts';

function attributesOf(text: string): { [name: string]: unknown } {
  return Object.fromEntries(
    [...readHcl(text).attributes].map(([name, found]) => [name, found.known ? found.value : 'UNKNOWN']),
  );
}

test('literals are read, and what depends on anything else is unknown', () => {
  const text = `
a = "x\\n$\${y}" # comment "
b = [1, true, null, "z",]
c = { Effect = "Allow", "Action" : ["*"] }
d = jsonencode({ Statement = [{ Effect = "Allow" }] })
e = var.x
f = "pre-\${var.x["k"]}"
g = 1 + 2
h = [for s in var.list : upper(s)]
i = true ? 1 : 2
j = <<-EOT
  {"a": 1}
  EOT
k = -1.5 // end
l = merge({ a = 1 }, var.tags)
m = { for k in var.x : k => 1 }
n = "last"
`;
  assert.deepEqual(attributesOf(text), {
    ...{ a: 'x\n${y}', b: [1, true, null, 'z'], c: { Effect: 'Allow', Action: ['*'] } },
    ...{
      d: '{"Statement":[{"Effect":"Allow"}]}',
      e: 'UNKNOWN',
      f: 'UNKNOWN',
      g: 'UNKNOWN',
      h: 'UNKNOWN',
      i: 'UNKNOWN',
    },
    ...{ j: '  {"a": 1}\n', k: -1.5, l: 'UNKNOWN', m: 'UNKNOWN', n: 'last' },
  });
});

test('blocks have labels, the line they begin on, and blocks within', () => {
  const [first, second] = readHcl('# x\nresource "a" "b" {\n  inner {\n    y = 1\n  }\n}\nlocals { z = 2 }\n').blocks;
  assert.deepEqual([first?.kind, first?.labels, first?.line], ['resource', ['a', 'b'], 2]);
  const [inner] = first?.body.blocks ?? [];
  assert.deepEqual(
    [inner?.kind, inner?.line, inner?.body.attributes.get('y')],
    ['inner', 3, { known: true, value: 1 }],
  );
  assert.equal(second?.line, 7);
});

test('no text makes the reader fail or go on for ever', () => {
  const pieces = fc.constantFrom(
    '"',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '=',
    ',',
    '\n',
    '${',
    '<<A\n',
    'a',
    '#',
    '/*',
    '1',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      assert.ok(readHcl(`a = {${parts.join('')}`).blocks.length >= 0);
      assert.ok(readHcl(parts.join('')).blocks.length >= 0);
    }),
    { numRuns: 2000 },
  );
});
