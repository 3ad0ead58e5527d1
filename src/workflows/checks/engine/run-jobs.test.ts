import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runWithin } from './run-jobs.ts';

const room = { cores: 4, memoryMb: 1000 };
const one = (name: string, cores: number, memoryMb: number, expectedSeconds = 1) => ({
  ...{ name, weight: { cores, memoryMb }, expectedSeconds },
});

test('what runs at once fits the machine, and one that fits nowhere runs alone', async () => {
  const all = [
    one('huge', 99, 9000),
    ...Array.from({ length: 9 }, (_, index) => one(`j${index}`, 1 + (index % 2), 400)),
  ];
  const held = { cores: 0, memoryMb: 0, most: 0 };
  const results = await runWithin(all, room, async ({ name, weight }) => {
    held.cores += weight.cores;
    held.memoryMb += weight.memoryMb;
    if (name === 'huge') assert.equal(held.cores, 99);
    else assert.ok(held.cores <= 4 && held.memoryMb <= 1000);
    held.most = Math.max(held.most, held.memoryMb);
    await sleep(1);
    held.cores -= weight.cores;
    held.memoryMb -= weight.memoryMb;
    return name;
  });
  assert.deepEqual(
    results,
    all.map(({ name }) => name),
  );
  assert.ok(held.most >= 800);
});

test('the longest is begun first, and what throws is thrown', async () => {
  const begun: string[] = [];
  await runWithin([one('short', 4, 1, 1), one('long', 4, 1, 9)], room, async ({ name }) => begun.push(name));
  assert.deepEqual(begun, ['long', 'short']);
  await assert.rejects(
    runWithin([one('a', 1, 1)], room, () => Promise.reject(new Error('no'))),
    /no/,
  );
});
