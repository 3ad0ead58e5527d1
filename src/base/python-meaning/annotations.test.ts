import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareCode } from './compare-programs.ts';

type Texts = { [path: string]: string };

function revision(texts: Texts) {
  const entries = Object.keys(texts).map((path) => ({ path }));
  return { files: { entries, text: (path: string) => texts[path] ?? null }, searchPath: [''] };
}

/** How `job.py` differs, by what that is good for; empty where it does the same. */
async function differences(base: Texts, head: Texts): Promise<string[]> {
  const code = await compareCode({ base: revision(base), head: revision(head), near: () => true });
  return code.differences(code.program('base', 'job.py'), code.program('head', 'job.py')).map(({ weight }) => weight);
}

const only = (text: string): Texts => ({ 'job.py': text });

const harmless: readonly [what: string, base: string, head: string][] = [
  ['parameters and results', 'def f(a, b=1): g(a)\nf(2)', 'def f(a: int, b: str = 1) -> None: g(a)\nf(2)'],
  [
    'a type that is imported for that',
    'def f(a): g(a)\nf(2)',
    'from typing import List\ndef f(a: List[int]): g(a)\nf(2)',
  ],
  ['notes between statements', 'def f():\n  g()\n  h()\nf()', 'def f():\n  g()\n  """Then."""\n  h()\nf()'],
  ['names in a function', 'def f():\n  x = g()\nf()', 'def f():\n  x: "any.Thing" = g()\nf()'],
  ['a name at the top', 'x = g()', 'x: int = g()'],
  [
    'any type where annotations are text',
    'def f(a): g(a)\nf(2)',
    'from __future__ import annotations\ndef f(a: far.Thing | None): g(a)\nf(2)',
  ],
  ['methods', 'class A:\n  def f(self, a): g(a)\nA()', 'class A:\n  def f(self, a: int): g(a)\nA()'],
  ['star parameters', 'def f(*a, **b): g(a)\nf(2)', 'def f(*a: int, **b: str): g(a)\nf(2)'],
  ["parameters of Airflow's tasks", '@task\ndef f(a): g(a)\nf(2)', '@task\ndef f(a: int): g(a)\nf(2)'],
  ['an import of Python itself that nothing uses', 'import os\nimport json\ng()', 'import json\ng()'],
  [
    'a name of Python itself that nothing uses',
    'from datetime import date, datetime\ndate()',
    'from datetime import date\ndate()',
  ],
];

for (const [what, base, head] of harmless) {
  test(`annotations of ${what} only document`, async () => {
    assert.deepEqual([...new Set(await differences(only(base), only(head)))], ['documents']);
    assert.deepEqual([...new Set(await differences(only(head), only(base)))], ['documents']);
  });
}

const counting: readonly [what: string, base: string, head: string][] = [
  ['fields of a class', 'class A:\n  x = 1\nA()', 'class A:\n  x: int = 1\nA()'],
  ['a type that is not there', 'def f(a): g(a)\nf(2)', 'def f(a: Thing): g(a)\nf(2)'],
  ['a type that comes later', 'def f(a): pass\nclass A: pass\nf(A)', 'def f(a: A): pass\nclass A: pass\nf(A)'],
  [
    'a type for checkers alone',
    'if TYPE_CHECKING:\n  from far import A\ndef f(a): g(a)\nf(2)',
    'if TYPE_CHECKING:\n  from far import A\ndef f(a: A): g(a)\nf(2)',
  ],
  ['a type that older Pythons do not know', 'def f(a): g(a)\nf(2)', 'def f(a: int | None): g(a)\nf(2)'],
  ['a member that may not be there', 'import far\ndef f(a): g(a)\nf(2)', 'import far\ndef f(a: far.Thing): g(a)\nf(2)'],
  ['a name without a value', 'def f():\n  g()\nf()', 'def f():\n  g: int\n  g()\nf()'],
  ['what a decorator may read', '@far\ndef f(a): g(a)\nf(2)', '@far\ndef f(a: int): g(a)\nf(2)'],
  ["the result of Airflow's tasks", '@task\ndef f(a): g(a)\nf(2)', '@task\ndef f(a) -> dict[str, int]: g(a)\nf(2)'],
  ['what a library reads', 'import typer\ndef f(a): g(a)\nf(2)', 'import typer\ndef f(a: int): g(a)\nf(2)'],
  ['an import that something uses', 'import os\nos.remove(x)', 'os.remove(x)'],
  ['an import of another library', 'import far\ng()', 'g()'],
  ['a default', 'def f(a: int = 1): g(a)\nf()', 'def f(a: int = 2): g(a)\nf()'],
];

for (const [what, base, head] of counting) {
  test(`${what} counts`, async () => {
    assert.ok((await differences(only(base), only(head))).includes('essence'));
    assert.ok((await differences(only(head), only(base))).includes('essence'));
  });
}

test('docstrings count where something reads them, in this module or another', async () => {
  const usage = (text: string) => only(`"""Usage: ${text}."""\nimport docopt\ndocopt.docopt(__doc__)`);
  assert.deepEqual(await differences(usage('a'), usage('b')), ['essence']);
  const shown = (text: string) => only(`"""${text}."""\nDAG(doc_md=__doc__)`);
  assert.deepEqual(await differences(shown('a'), shown('b')), []);
  const job = (text: string) => only(`import far\ndef f():\n  """${text}"""\n  g()\nfar.offer(f)`);
  const tools = { 'far.py': 'def offer(f): return StructuredTool.from_function(f)\n' };
  assert.deepEqual(await differences({ ...job('a'), ...tools }, { ...job('b'), ...tools }), ['essence']);
  const calls = { 'far.py': 'def offer(f): return f()\n' };
  assert.deepEqual(await differences({ ...job('a'), ...calls }, { ...job('b'), ...calls }), []);
});

test('an import of the project that nothing uses counts by what its module does', async () => {
  const lacking = { 'other.py': 'def h(): return 1\n' };
  const shared = (text: string) => ({ ...only('import shared\nshared.f()'), 'shared.py': text, ...lacking });
  const f = 'def f(): return 2\n';
  assert.deepEqual(await differences(shared(f), shared(`from other import h\n${f}def g(): return h()\n`)), [
    'documents',
  ]);
  assert.deepEqual(await differences(shared(f), shared(`import other\n${f}def g(): return other.h()\n`)), [
    'documents',
  ]);
  assert.ok((await differences(shared(f), shared(`from other import gone\n${f}`))).includes('essence'));
  assert.ok((await differences(shared(f), shared(`from other import h as f\n`))).includes('essence'));
  const made = { 'other.py': 'h = DAG("h")\n' };
  assert.ok(
    (await differences({ ...only(''), ...made }, { ...only('from other import h'), ...made })).includes('essence'),
  );
  const doing = { 'other.py': 'def h(): return 1\nprint(h())\n' };
  assert.ok(
    (await differences({ ...shared(f), ...doing }, { ...shared(`import other\n${f}`), ...doing })).includes('essence'),
  );
});

const loading = {
  'first.py': 'import logging\nlogging.basicConfig(level=1)\n',
  'second.py': 'import logging\nlogging.basicConfig(level=2)\n',
  'seen.py': 'import os\nSEEN = os.environ["A"]\n',
  'other.py': 'import os\nOTHER = os.environ["B"]\n',
};

test('the order of imports counts only where what one module does may be seen by another', async () => {
  const order = (...names: string[]) => ({ ...only(names.map((name) => `import ${name}`).join('\n')), ...loading });
  assert.deepEqual(await differences(order('first', 'far', 'seen'), order('far', 'first', 'seen')), []);
  assert.deepEqual(await differences(order('seen', 'other', 'first'), order('other', 'seen', 'first')), []);
  assert.deepEqual(await differences(order('first', 'second'), order('second', 'first')), ['essence']);
  assert.deepEqual(await differences(order('first', 'seen'), order('seen', 'first')), ['essence']);
});

test('annotations count where another module may read them', async () => {
  const reader = { 'far.py': 'import inspect\ndef show(f): return inspect.signature(f)\n' };
  const text = (annotated: string) => only(`import far\ndef f(a${annotated}): g(a)\nfar.show(f)`);
  assert.ok((await differences({ ...text(''), ...reader }, { ...text(': int'), ...reader })).includes('essence'));
});

test('an import that another module takes from here counts', async () => {
  const job = only('import far\nprint(far.os.getcwd(), far.x)');
  const from = only('from far import os, x\nprint(os.getcwd(), x)');
  for (const program of [job, from])
    assert.ok(
      (await differences({ ...program, 'far.py': 'import os\nx = 1' }, { ...program, 'far.py': 'x = 1' })).includes(
        'essence',
      ),
    );
});
