import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asset } from '../../model/asset.ts';
import type { BundleContent } from '../../model/bundle.ts';
import { assetKey, digestOf, partKey, unitKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { bestReading, parseReading, readingOf, withReading } from './bundle-reading.ts';

const key = assetKey('airflow:dag', 'orders');
const part = partKey('airflow', 'main');

function asset(exactness: Asset['exactness']): Asset {
  const nothing = { path: null, line: null, owner: null, serviceLevel: null, sensitivity: [], facts: {} };
  return { ...nothing, key, kind: 'airflow:dag', name: 'orders', part, exactness };
}

function content(exactness: Asset['exactness'], graph: string): BundleContent {
  const unit = { unit: unitKey(part, 'orders.py'), fingerprint: digestOf('f'), assets: [key], facts: { graph } };
  const main = {
    part,
    target: 'airflow',
    name: 'main',
    blob: digestOf('b'),
    bytes: 1,
    files: 1,
    settings: {},
    units: [unit],
  };
  return {
    version: 1,
    project: 'p',
    parts: [main],
    environments: [],
    assets: [asset(exactness)],
    edges: [],
    lock: null,
  };
}

test('what the real tool says is put over the content, and nothing else of it changes', () => {
  const identity = content('static', 'unknown');
  const exact = content('exact', 'sha256:1');
  const reading = readingOf(identity, exact);
  assert.ok(reading);
  assert.deepEqual(withReading(identity, parseReading(canonicalJson(reading), 'sha256:x')), exact);
});

test('a reading that says the same is none', () => {
  assert.equal(readingOf(content('static', 'g'), content('static', 'g')), null);
});

test('the reading that knows most counts, then the oldest', () => {
  const [weak, first, second] = [content('static', 'a'), content('exact', 'b'), content('exact', 'c')].map((exact) =>
    readingOf(content('static', 'unknown'), exact),
  );
  assert.ok(weak && first && second);
  assert.equal(bestReading([weak, first, second]), first);
  assert.equal(bestReading([]), null);
});
