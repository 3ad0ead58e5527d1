import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFormReader, type ModuleForm } from './module-form.ts';

const read = await loadFormReader();

function meaning(text: string): string {
  const form: ModuleForm = read(text);
  return form.statements === null ? `text ${text}` : form.statements.map(({ code }) => code).join('\n');
}

/** What is written first, what means the same, and what looks like it and does not mean the same. */
const triples: readonly [what: string, base: string, same: string, other: string][] = [
  ['a comment', 'x = 1', 'x = 1  # one', 'x = "1  # one"'],
  ['blank lines', 'x = 1\ny = 2', 'x = 1\n\n\ny = 2\n', 'y = 2\nx = 1'],
  ['statements of one line', 'a()\nb()', 'a(); b()', 'a(b())'],
  ['quotes', 'x = "a"', "x = 'a'", 'x = b"a"'],
  ['triple quotes', 'x = "a\\nb"', 'x = """a\nb"""', 'x = """a\n b"""'],
  ['a raw text', 'x = "\\\\d"', 'x = r"\\d"', 'x = r"\\\\d"'],
  ['u before a text', 'x = "a"', 'x = u"a"', 'x = f"a"'],
  ['texts side by side', 'x = "ab"', 'x = "a" "b"', 'x = "a", "b"'],
  ['an escape', 'x = "\\x41"', 'x = "A"', 'x = b"A"'],
  ['a formatted text', 'x = f"{a}b"', "x = f'{a}b'", 'x = f"{a!r}b"'],
  ['a formatted text in pieces', 'x = f"{a}b"', 'x = f"{a}" "b"', 'x = f"{a}" "{b}"'],
  ['braces in a formatted text', 'x = f"{{a}}"', "x = f'{{a}}'", 'x = f"{a}"'],
  ['the format of a value', 'x = f"{a:>{w}}"', 'x = f"{(a):>{w}}"', 'x = f"{a:<{w}}"'],
  ['a value that is shown', 'x = f"{a=}"', "x = f'{a=}'", 'x = f"{a = }"'],
  ['backslashes before closing quotes', "x = r'\\\\\\\\'", "x = '\\\\\\\\\\\\\\\\'", "x = r'\\\\'"],
  ['a number', 'x = 1000', 'x = 1_000', 'x = 1000.0'],
  ['a number in another base', 'x = 255', 'x = 0xFF', 'x = 0o255'],
  ['a float', 'x = 1e3', 'x = 1000.0', 'x = 1000'],
  ['needless parentheses', 'x = a + b', 'x = (a + b)', 'x = (a + b,)'],
  ['parentheses that bind', 'x = a + b * c', 'x = a + (b * c)', 'x = (a + b) * c'],
  ['a chain of comparisons', 'x = a < b < c', 'x = (a < b < c)', 'x = (a < b) < c'],
  ['and, or', 'x = a or b and c', 'x = a or (b and c)', 'x = (a or b) and c'],
  ['not', 'x = not a == b', 'x = not (a == b)', 'x = (not a) == b'],
  ['a power', 'x = -a ** b', 'x = -(a ** b)', 'x = (-a) ** b'],
  [
    'await',
    'async def f(): return await a ** b',
    'async def f():\n  return (await a ** b)',
    'async def f(): return await (a ** b)',
  ],
  ['a condition', 'x = a if b else c', 'x = (a if (b) else c)', 'x = c if b else a'],
  ['a lambda', 'x = lambda a: a', 'x = (lambda a: (a))', 'x = lambda *a: a'],
  ['a trailing comma', 'f(a, b)', 'f(\n  a,\n  b,\n)', 'f((a, b))'],
  ['a tuple of one', 'x = (a,)', 'x = a,', 'x = (a)'],
  ['a tuple that is given back', 'def f(): return a, b', 'def f():\n    return (a, b)', 'def f(): return [a, b]'],
  ['a key that is a tuple', 'x[a, b]', 'x[(a, b)]', 'x[a][b]'],
  ['a slice', 'x[1:2]', 'x[(1):2]', 'x[1::2]'],
  ['an unpacked target', 'a, b = c', '(a, b) = c', 'a = b = c'],
  ['a walrus', 'f(a := 1)', 'f((a := 1))', 'f(a=1)'],
  ['a generator', 'f(x for x in y)', 'f((x for x in y))', 'f([x for x in y])'],
  ['a continued line', 'x = a + b', 'x = a + \\\n    b', 'x = a\n+ b'],
  ['a decorator', '@a\n@b\ndef f(): pass', '@a  # first\n@b\ndef f():\n    pass', '@b\n@a\ndef f(): pass'],
  ['async', 'async def f(): pass', 'async def f():\n  pass', 'def f(): pass'],
  [
    'async with',
    'async def f():\n async with a: b',
    'async def f():\n    async with a:\n        b',
    'async def f():\n with a: b',
  ],
  ['a class without bases', 'class A: pass', 'class A(): pass', 'class A(B): pass'],
  ['how deep a line stands', 'if a:\n    b()\n    c()', 'if a:\n  b()\n  c()', 'if a:\n    b()\nc()'],
  ['elif', 'if a: b\nelif c: d', 'if a:\n  b\nelse:\n  if c: d', 'if a: b\nif c: d'],
  ['with', 'with a as b, c: pass', 'with (a as b, c): pass', 'with (a, c) as b: pass'],
  ['import', 'from a import b, c', 'from a import (b, c,)', 'from a import b as c'],
  ['a keyword argument', 'f(a=1, b=2)', 'f(a=1,b=2)', 'f(a=1, b=3)'],
  ['the order of keyword arguments', 'f(a=g(), b=h())', 'f(a = g(), b = h())', 'f(b=h(), a=g())'],
  ['a declared variable', 'x: int = 1', 'x: (int) = 1', '(x): int = 1'],
  ['a default', 'def f(a=1): pass', 'def f(a = (1)): pass', 'def f(a: 1): pass'],
  ['only by keyword', 'def f(*, a): pass', 'def f(*, a,): pass', 'def f(*a): pass'],
  [
    'a pattern',
    'match x:\n  case [1, a]: pass',
    'match x:\n    case [1, a]:\n        pass',
    'match x:\n  case [1, a, *_]: pass',
  ],
  [
    'a text that stands alone',
    'def f():\n    "It."\n    return 1',
    'def f(): return 1',
    'def f():\n    it\n    return 1',
  ],
  ['a docstring', '"""Does."""\nx = 1', '"""Did."""\nx = 1', 'x = 2'],
  ['a dictionary', 'x = {"a": 1, **b}', "x = {'a': 1, **b,}", 'x = {**b, "a": 1}'],
  ['is not', 'x = a is not b', 'x = (a) is not (b)', 'x = a is (not b)'],
  ['delete', 'del a, b', 'del a,b', 'del a'],
  ['star arguments', 'f(*a, **b)', 'f(*a, **b,)', 'f(a, **b)'],
  ['yield from', 'def f(): yield from a', 'def f():\n  (yield from a)', 'def f(): yield a'],
];

for (const [what, base, same, other] of triples) {
  test(`${what}: written otherwise it means the same, and its near twin does not`, () => {
    assert.equal(meaning(same), meaning(base));
    assert.notEqual(meaning(other), meaning(base));
    assert.ok(!meaning(base).startsWith('text '), 'it can be read');
  });
}

test('what is no Python of today means its text', () => {
  for (const text of ['print "a"', 'x = = 1', 'def f(:\n  pass', 'exec "a"', '# coding: latin-1\nx = 1']) {
    assert.equal(read(text).statements, null, text);
  }
});
