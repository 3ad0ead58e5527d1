import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failed, passed } from '../../model/check-finding.ts';
import { joinShards } from './join-shards.ts';
import { exitOf, reportOf } from './report.ts';

const shard = (index: number, of = 3, cut = 'a') => ({ reused: 1, shard: { index, of, cut } });
const [good, bad] = [passed('a', 'A', null), failed('b', { message: 'm', hint: null })];

test('all shards make the report that one run would have given', () => {
  const shards = [reportOf([good], shard(2)), reportOf([bad, good], shard(1)), reportOf([], shard(3))];
  assert.deepEqual(joinShards(shards, { whole: true }), reportOf([good, bad], { reused: 3 }));
});

test('a shard that is missing, or was cut differently, is no yes', () => {
  const missing = joinShards([reportOf([good], shard(2))], { whole: true });
  assert.equal(exitOf(missing), 3);
  assert.match(missing.findings[0]?.message ?? '', /^Of 3 shards, 1, 3 reported nothing/);
  const mixed = [reportOf([good], shard(1, 2, 'a')), reportOf([good], shard(2, 2, 'b'))];
  assert.match(joinShards(mixed, { whole: true }).findings[0]?.message ?? '', /cut differently/);
  assert.equal(exitOf(joinShards([reportOf([good], shard(2))], { whole: false })), 0);
});
