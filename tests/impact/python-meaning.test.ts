import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { findPython } from '../../src/base/python/find-python.ts';
import { loadFormReader } from '../../src/base/python-meaning/module-form.ts';
import { isValidPython } from '../../src/base/python-meaning/valid-python.ts';

type Pair = [kind: 'whole' | 'edited' | 'written' | 'refused', base: string, edited: string, same: boolean];

const seed = 20261121;
const examples = globSync(join(import.meta.dirname, '../../examples/payments/**/*.py'));
let judged: { pair: Pair; says: 'same' | 'other' | 'unread' }[] = [];

before(async () => {
  const python = await findPython();
  const script = join(import.meta.dirname, 'python_pairs.py');
  const counts = ['80', '4000', '3000'];
  const { stdout } = await promisify(execFile)(
    python.path,
    ['-W', 'ignore', script, String(seed), ...counts, ...examples],
    {
      maxBuffer: 200_000_000,
    },
  );
  const pairs: Pair[] = JSON.parse(stdout);
  const read = await loadFormReader();
  const meaning = (text: string) =>
    read(text)
      .statements?.map(({ code }) => code)
      .join('\n') ?? null;
  judged = pairs.map((pair) => {
    const [base, edited] = [meaning(pair[1]), meaning(pair[2])];
    return { pair, says: base === null || edited === null ? 'unread' : base === edited ? 'same' : 'other' };
  });
});

test('texts of which Python makes different trees never mean the same', () => {
  const wrong = judged.filter(({ pair: [kind, , , same], says }) => kind !== 'refused' && !same && says === 'same');
  assert.deepEqual(
    wrong.map(({ pair: [kind, base, edited] }) => ({ kind, base, edited })),
    [],
  );
  assert.ok(judged.filter(({ pair }) => !pair[3]).length > 3000, 'enough pairs differ');
});

test('nearly all texts of which Python makes one tree mean the same', () => {
  for (const kind of ['whole', 'edited', 'written'] as const) {
    const same = judged.filter(({ pair }) => pair[0] === kind && pair[3]);
    const told = same.filter(({ says }) => says === 'same').length / same.length;
    assert.ok(same.length > 50 && told > 0.9, `${kind}: ${told.toFixed(3)} of ${same.length}`);
  }
});

test('what Python refuses is known for that, where the grammar takes it in', () => {
  const refused = judged.filter(({ pair }) => pair[0] === 'refused');
  assert.ok(refused.length > 300, `${refused.length} are refused`);
  const taken = refused.filter(({ pair, says }) => says !== 'unread' && isValidPython(pair[2]));
  assert.deepEqual(
    taken.map(({ pair }) => pair[2]),
    [],
  );
});

test('all Python of today can be read', () => {
  const accepted = judged.filter(({ pair }) => pair[0] !== 'refused');
  const unread = accepted.filter(({ says }) => says === 'unread').length / accepted.length;
  assert.ok(unread < 0.01, `${unread.toFixed(4)} of ${accepted.length}`);
});
