import { fail } from '../../../base/errors.ts';
import { parseDuration } from '../../../model/duration.ts';
import type { CollectionShape } from '../../../server/contract.ts';
import { openClient } from '../../client.ts';
import { type Command, flagOption, option, textOption } from '../../command.ts';
import { short } from '../../release-lines.ts';

/** `headgate collect`: see docs/control-plane.md for the JSON shape. */
export const collect: Command = {
  words: ['collect'],
  summary: 'Remove releases that nothing in an environment needs any more',
  arguments: ['<environment>'],
  options: [
    option('--keep <number>', 'so many bundles that were live last stay', '10'),
    option('--after <duration>', 'only what was found unused for this long', '1d'),
    option('--dry-run', 'say what would be removed, and change nothing'),
  ],
  async run(invocation) {
    const collection = await (await openClient()).collect(invocation.arguments[0] ?? '', {
      keep: keepOption(textOption(invocation, 'keep') ?? ''),
      unusedSeconds: afterOption(textOption(invocation, 'after') ?? ''),
      dryRun: flagOption(invocation, 'dryRun'),
    });
    invocation.print.result(collection, () => lines(collection));
    return 0;
  },
};

function keepOption(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw fail('option-not-allowed', { option: '--keep', value: text, allowed: '1 to 9999' });
}

function afterOption(text: string): number {
  const seconds = parseDuration(text);
  if (seconds !== null) return seconds;
  throw fail('option-not-allowed', { option: '--after', value: text, allowed: 'durations such as 12h or 7d' });
}

function lines({ environment, dryRun, places }: CollectionShape): string[] {
  if (places.length === 0) return [`${environment} has no target that keeps releases`];
  return places.flatMap(({ home, bundles, parts, kept, waiting }) => [
    `${home}: ${bundles.length} bundles and ${parts.length} parts ${dryRun ? 'would be' : 'were'} removed, ${kept} bundles stay`,
    ...bundles.map((bundle) => `  ${short(bundle)}`),
    ...(waiting === 0 ? [] : [`  ${waiting} more are unused, but not for long enough yet`]),
  ]);
}
