import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { code, prose } from './markdown-text.ts';
import { plainText } from './plain-text.ts';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'@#<>&|`\\*_[]()~$!-+=:/.%{}"\' \n\r\t\0'),
    fc.constantFrom(
      '@team',
      '#12',
      'GH-7',
      'https://',
      'www.',
      '<!--',
      '-->',
      '</details>',
      '\u202e',
      '\u200b',
      '\ud800',
    ),
    fc.constantFrom('a', 'B', '7', 'é', '表', '👩‍💻', 'שלום'),
  ),
  maxLength: 40,
});

/** The text without the code spans and entities that were made on purpose. */
function bare(markdown: string): string {
  return markdown
    .replace(/`[^`]*`/g, '')
    .replace(/<\/?code>/g, '')
    .replace(/&(#\d+|amp|lt|gt);/g, '');
}

test('words of others make no HTML, cell, mention, reference or link, whatever they are', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = prose(text, 1000);
      assert.doesNotMatch(bare(shown), /[<>&|`\n\r]/);
      assert.doesNotMatch(shown.replace(/`[^`]*`/g, ''), /@(?!&#8203;)|#(?=\d)(?<!&#)|:\/\/|www\./i);
      assert.doesNotMatch(bare(shown).replace(/\\./g, ''), /[*[\]~$]/);
    }),
    { numRuns: 500 },
  );
});

test('code of others stays in its span, its cell and its line', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = code(text, 1000);
      assert.match(shown, /^(`[^`|\\\n]+`|<code>[\p{L}\p{N}\p{M} ;&#]+<\/code>|)$/u);
    }),
    { numRuns: 500 },
  );
});

test('what people may write stays readable', () => {
  assert.equal(prose('Add the module `a.b`, then run dbt_deps.', 100), 'Add the module `a.b`, then run dbt_deps.');
  assert.equal(prose('ask @data-team about #12', 100), 'ask @&#8203;data-team about #&#8203;12');
  assert.equal(prose('a|b <script> _x_ *y*', 100), 'a&#124;b &lt;script&gt; \\_x\\_ \\*y\\*');
  assert.equal(prose('see https://a.b and www.c.d', 100), 'see https:&#8203;//a.b and www&#8203;.c.d');
  assert.equal(code('a|b', 100), '<code>a&#124;b</code>');
  assert.equal(code('dbt:model/shop.orders', 100), '`dbt:model/shop.orders`');
});

test('a line says what it says: no turned writing, nothing invisible, no new lines, no more than the limit', () => {
  assert.equal(plainText('access\u202e txt.exe\u2066', 100), 'access U+202E txt.exe U+2066');
  assert.equal(plainText('a\u200bb\ufeff\nc\u0000d', 100), 'ab c d');
  assert.equal(plainText('👩‍💻👩‍💻', 3), '👩‍…');
  assert.equal(plainText('abcdef', 4), 'abc…');
  assert.equal(plainText('\ud800', 4), '\ufffd');
});
