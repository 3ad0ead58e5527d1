import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HelperWorld, helperName } from './helper-name.ts';

const world: HelperWorld = {
  ...{ root: '/work/payments', program: '/opt/headgate', node: 'v24.1.0 /usr/bin/node', user: 1000 },
  environment: { PATH: '/usr/bin', HOME: '/home/ann' },
};

test('a helper is not shared with another project, program, Node or user', () => {
  const others: HelperWorld[] = [
    { ...world, root: '/work/other' },
    { ...world, program: '/opt/newer' },
    { ...world, node: 'v24.2.0 /usr/bin/node' },
    { ...world, user: 1001 },
  ];
  assert.equal(new Set([world, ...others].map(helperName)).size, 5);
});

test('any variable that may decide an answer makes another helper; where a command was typed does not', () => {
  const under = (more: { [name: string]: string | undefined }) =>
    helperName({ ...world, environment: { ...world.environment, ...more } });
  const own = helperName(world);
  assert.notEqual(under({ AWS_PROFILE: 'prod' }), own);
  assert.notEqual(under({ PATH: '/opt/bin:/usr/bin' }), own);
  assert.notEqual(under({ HOME: undefined }), own);
  assert.notEqual(under({ EMPTY: '' }), own);
  assert.equal(under({ PWD: '/work', SHLVL: '3', COLUMNS: '80', TERM: 'xterm', ABSENT: undefined }), own);
});

test('the order of variables means nothing, and no two sets of them have one name', () => {
  const variables = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string({ maxLength: 8 }));
  fc.assert(
    fc.property(variables, variables, (one, other) => {
      const name = (environment: HelperWorld['environment']) => helperName({ ...world, environment });
      const [first, second] = [kept(one), kept(other)];
      assert.equal(name(Object.fromEntries(Object.entries(first).reverse())), name(first));
      assert.equal(name(first) === name(second), isSame(first, second));
    }),
  );
});

function kept(all: { [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`X${name}`, value]));
}

function isSame(a: { [name: string]: string }, b: { [name: string]: string }): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
