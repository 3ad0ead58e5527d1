import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseToml } from './parse-toml.ts';

function plain(text: string): unknown {
  return JSON.parse(JSON.stringify(parseToml(text)));
}

test('a pyproject file is read with tables, dotted keys, lists over lines and inline tables', () => {
  const text = `# comment
[project]
name = "x" # behind
requires-python = '>=3.10'
[tool.ruff]
line-length = 1_20
lint.select = [
  "E", # one
  "F",
]
[tool.ruff.lint.per-file-ignores]
"tests/*" = ["S101"]
"a.py" = [ 'E501' , ]
[[tool.uv.index]]
name = "a"
at = { url = "x", "default" = true }
[[tool.uv.index]]
name = "b"
`;
  assert.deepEqual(plain(text), {
    project: { name: 'x', 'requires-python': '>=3.10' },
    tool: {
      ruff: {
        'line-length': 120,
        lint: { select: ['E', 'F'], 'per-file-ignores': { 'tests/*': ['S101'], 'a.py': ['E501'] } },
      },
      uv: { index: [{ name: 'a', at: { url: 'x', default: true } }, { name: 'b' }] },
    },
  });
});

test('strings of all kinds are read', () => {
  const text =
    'a = """\none\\\n   two "quoted" """\nb = \'\'\'\nC:\\new\'\'\'\nc = "tab\\t\\u00e9 \\"q\\""\nd = \'\\n\'\n';
  assert.deepEqual(plain(text), { a: 'onetwo "quoted" ', b: 'C:\\new', c: 'tab\té "q"', d: '\\n' });
});

test('numbers, booleans and dates are read', () => {
  assert.deepEqual(plain('a=0xFF\nb=-1.5e3\nc=false\nd=1979-05-27T07:32:00Z\ne=07:32:00\nf=+7'), {
    a: 255,
    b: -1500,
    c: false,
    d: '1979-05-27T07:32:00Z',
    e: '07:32:00',
    f: 7,
  });
});

test('what is not valid says in which line', () => {
  assert.throws(() => parseToml('a = 1\nb = \n'), /line 2: a value/);
  assert.throws(() => parseToml('a = 1 2'), /line 1: the end of the line/);
  assert.throws(() => parseToml('a = [1, 2'), /line 1: , or \]/);
  assert.throws(() => parseToml('a = "x\n"'), /before the end of the line/);
  assert.throws(() => parseToml('a = 1\na = 2'), /which is there already/);
  assert.throws(() => parseToml('[a\n'), /line 1: \]/);
  assert.throws(() => parseToml('[a]\nb = 1\n[a.b.c]\n'), /b as a table/);
});

test('a key named __proto__ is a key like any other', () => {
  const read = parseToml('__proto__ = { polluted = true }');
  assert.equal(Object.getPrototypeOf(read), null);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});
