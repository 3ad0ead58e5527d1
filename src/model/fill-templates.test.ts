import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillTemplates } from './fill-templates.ts';

const template = (inside: string) => ['$', '{', inside, '}'].join('');

test('a text that is one template takes the value with its type; inside a longer text it is written as text', () => {
  const values = { port: 5432, list: [1, 2], name: 'dw' };
  const filled = fillTemplates(
    {
      port: template('values.port'),
      list: template('values.list'),
      url: `pg://${template('values.name')}:${template('values.port')}/${template('values.list')}`,
      deep: [{ x: template('values.name') }],
    },
    values,
  );
  assert.deepEqual(filled, { port: 5432, list: [1, 2], url: 'pg://dw:5432/[1,2]', deep: [{ x: 'dw' }] });
});

test('an unknown value stays as it is written, and a secret becomes a stand-in', () => {
  assert.equal(fillTemplates(template('values.nope'), {}), template('values.nope'));
  assert.equal(fillTemplates(template('secrets.password'), { password: 'not this' }), 'headgate-stand-in');
  assert.equal(fillTemplates(template('values.toString'), {}), template('values.toString'));
});
