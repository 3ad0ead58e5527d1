import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChanging } from './changing-macros.ts';

const clock = '{% macro pretty_time() %}{{ modules.datetime.datetime.now() }}{% endmacro %}';
const plain = '{% macro star(x) %}{{ x }}.*{% endmacro %}';
const caller = '{% macro log_info(m) %}{{ dbt_utils.pretty_time() }}{{ m }}{% endmacro %}';

test('a project that asks for the time or for chance is changing, a comment about it is not', () => {
  assert.equal(isChanging(["select '{{ run_started_at }}'"], []), true);
  assert.equal(isChanging(['{{ invocation_id }}'], []), true);
  assert.equal(isChanging(['select 1 {# run_started_at #} -- now'], []), false);
  assert.equal(isChanging(['select current_timestamp'], []), false);
});

test('what a package can ask for counts where the project reaches it', () => {
  assert.equal(isChanging(["{{ dbt_utils.star('a') }}"], [clock, plain]), false);
  assert.equal(isChanging(['{{ dbt_utils.pretty_time() }}'], [clock, plain]), true);
  assert.equal(isChanging(['{{ x.log_info("m") }}'], [clock + plain, caller]), true);
  assert.equal(isChanging(['{{ x.pretty_time() }}'], [clock.replace('pretty', 'default__pretty')]), true);
});
