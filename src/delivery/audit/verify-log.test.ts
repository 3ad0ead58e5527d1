import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSigningKey } from '../../base/signing.ts';
import { entryText, leafOf } from './entry.ts';
import { type SignedHead, signHead } from './head.ts';
import { treeRoot } from './merkle.ts';
import { verifyLog } from './verify-log.ts';

const key = createSigningKey();

function textsOf(subjects: readonly string[]): string[] {
  return subjects.map((subject, seq) =>
    entryText({ seq, at: '2026-01-01T00:00:00.000Z', actor: 'ada', action: 'release.asked', subject, detail: {} }),
  );
}

function headOf(texts: readonly string[], log = 'a'): SignedHead {
  const root = treeRoot(texts.map(leafOf));
  return signHead({ log, size: texts.length, root, at: '2026-01-01T00:00:01.000Z' }, key);
}

const subjects = fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 30 });

test('an untouched log stands, with every head that was ever signed over it', () => {
  fc.assert(
    fc.property(subjects, (names) => {
      const texts = textsOf(names);
      const heads = texts.map((_, size) => headOf(texts.slice(0, size + 1)));
      const verdict = verifyLog({ texts, heads, keys: [key] });
      assert.deepEqual([verdict.ok, verdict.checkedHeads, verdict.problems], [true, texts.length, []]);
    }),
  );
});

const tampering: { [how: string]: (texts: string[], place: number) => string[] } = {
  changed: (texts, place) => texts.with(place, (texts[place] ?? '').replace('"ada"', '"eve"')),
  removed: (texts, place) => texts.toSpliced(place, 1),
  'removed and renumbered': (texts, place) =>
    textsOf(texts.toSpliced(place, 1).map((text) => String(JSON.parse(text).subject))),
  inserted: (texts, place) => texts.toSpliced(place, 0, texts[place] ?? ''),
  reordered: (texts, place) => texts.with(place, texts[0] ?? '').with(0, texts[place] ?? ''),
};

for (const [how, tamper] of Object.entries(tampering)) {
  test(`a log with an entry ${how} does not stand`, () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 30 }), fc.nat(), (names, at) => {
        const texts = textsOf(names);
        const tampered = tamper(texts, 1 + (at % (texts.length - 1)));
        assert.equal(verifyLog({ texts: tampered, heads: [headOf(texts)], keys: [key] }).ok, false);
      }),
    );
  });
}

test('a history written anew, with a new head, does not agree with a head that was kept', () => {
  const [kept, rewritten] = [textsOf(['a', 'b', 'c']), textsOf(['a', 'x', 'c', 'd'])];
  assert.equal(verifyLog({ texts: rewritten, heads: [headOf(rewritten)], keys: [key] }).ok, true);
  const verdict = verifyLog({ texts: rewritten, heads: [headOf(rewritten), headOf(kept)], keys: [key] });
  assert.match(verdict.problems.map(({ problem }) => problem).join(), /does not fit/);
});

test('heads of a stranger, of another log, of a longer log, or none at all do not pass', () => {
  const texts = textsOf(['a', 'b']);
  const problems = (heads: SignedHead[]) =>
    verifyLog({ texts, heads, keys: [key] }).problems.map(({ problem }) => problem);
  const forged = { ...headOf(texts), keyId: createSigningKey().keyId };
  assert.match(problems([forged]).join(), /not signed by a key that is trusted/);
  assert.match(problems([headOf(texts), headOf(texts.slice(0, 1), 'b')]).join(), /other logs/);
  assert.match(problems([headOf(textsOf(['a', 'b', 'c']))]).join(), /more entries than there are/);
  assert.deepEqual(problems([]), ['there is no signed head to compare with']);
});
