import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inMarks, isNamedInJinja } from './names-in-jinja.ts';

test('a name counts where Jinja uses it', () => {
  for (const text of [
    "{{ context['a'](x) }}",
    "context['a']",
    inMarks(`f("{{ y }}", context['a'])`),
    '{% if context.get("a") %}x{% endif %}',
    '{%- set f = context -%}',
  ]) {
    assert.equal(isNamedInJinja(text, 'context'), true, text);
  }
});

test('a column, a comment, a text and another name do not count', () => {
  for (const text of [
    'select context from {{ a }}',
    '{# context #}',
    '-- context {{ a }}',
    '{{ f("context") }}',
    '{{ contexts }}',
  ]) {
    assert.equal(isNamedInJinja(text, 'context'), false, text);
  }
});
