import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command as Program } from 'commander';
import fc from 'fast-check';
import { type Command, option, repeatable } from '../command.ts';
import { check } from '../commands/check/run.ts';
import { impact } from '../commands/impact/tell.ts';
import { onWords } from '../on-words.ts';
import { plainWords } from './plain-words.ts';

const odd: Command = {
  words: ['odd'],
  summary: 'x',
  arguments: ['<one>', '[two]'],
  options: [option('--level <n>', 'x', '3'), option('--no-fuss', 'x'), repeatable('--part <name>', 'x')],
  run: async () => 0,
};
const words = [
  ...[
    '.',
    'a/b',
    '',
    '-',
    '--',
    '-x',
    '--jsonx',
    '--json',
    '--json=1',
    '--verbose',
    '--no-helper',
    '--helper',
    '--help',
  ],
  ...[
    '--only',
    '--only=dag-*',
    'dag-*',
    '--only=',
    '--static',
    '--no-cache',
    '--cache',
    '--shard=1/2',
    '--report',
    'a=b',
  ],
  ...[
    '--base',
    '--base=a..b',
    '--base=x=y',
    '--fail-on',
    '--all',
    '--level',
    '--level=4',
    '--no-fuss',
    '--part',
    '--par',
  ],
];

async function byCommander(command: Command, argv: readonly string[]): Promise<unknown> {
  const read: unknown[] = [];
  const program = new Program('headgate').exitOverride();
  onWords(program, command, async (told) => void read.push(told));
  await program.parseAsync([...command.words, ...argv], { from: 'user' });
  return read[0];
}

test('what is read in its plainest form is what commander makes of it', async () => {
  const told: { plain: number; all: number } = { plain: 0, all: 0 };
  const given = fc.array(fc.constantFrom(...words), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(check, impact, odd), given, async (command, argv) => {
      const plain = plainWords(command, argv);
      told.all += 1;
      if (plain === null) return;
      told.plain += 1;
      assert.deepEqual(plain, await byCommander(command, argv));
    }),
    { numRuns: 500 },
  );
  assert.ok(told.plain > told.all / 20, `${told.plain} of ${told.all}`);
});

test('the usual command lines are plain', () => {
  assert.deepEqual(plainWords(check, ['--only', 'dag-*', '--only=x', '--json', 'here']), {
    arguments: ['here'],
    options: { cache: true, helper: true, only: ['dag-*', 'x'], json: true },
  });
  assert.deepEqual(plainWords(impact, []), { arguments: [], options: { helper: true } });
});
