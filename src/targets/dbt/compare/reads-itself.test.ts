import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readsItself } from './reads-itself.ts';

test('a template reads itself by names of Jinja alone', () => {
  for (const text of [
    "{{ config.get('tags') }}",
    '{% set own = model.description %}',
    "{{ context['model'] }}",
    '{{ named(model) }}',
    '{% if (model["config"]) %}{% endif %}',
  ])
    assert.equal(readsItself(text), true, text);
  for (const text of [
    "{{ config(materialized='table') }} select model from t -- model",
    "{{ exceptions.warn('the model is empty, see config.tags') }}",
    "{{ compared(model='x') }}",
    '{# model.tags #} select 1 as "config.get"',
    '{{ row.model }}',
  ])
    assert.equal(readsItself(text), false, text);
});
