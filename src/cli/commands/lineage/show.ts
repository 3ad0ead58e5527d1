import { resolve } from 'node:path';
import pc from 'picocolors';
import { fail } from '../../../base/errors.ts';
import type { ColumnStep } from '../../../delivery/catalog/column-lineage.ts';
import type { Direction } from '../../../delivery/catalog/lineage.ts';
import { type Lineage, traceLineage } from '../../../workflows/impact/trace-lineage.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { relativeLines } from './relative-lines.ts';

/** `headgate lineage <key> [folder]`: see docs/impact.md for the JSON shape. */
export const lineage: Command = {
  words: ['lineage'],
  summary: 'Show what an asset is made from and what depends on it',
  arguments: ['<key>', '[folder]'],
  options: [
    option('--up', 'only what it is made from'),
    option('--down', 'only what depends on it'),
    option('--column <name>', 'follow this column of it'),
    option('--depth <count>', 'go at most so many edges far'),
  ],
  async run(invocation) {
    const [key = '', folder = '.'] = invocation.arguments;
    const found = await traceLineage(resolve(invocation.cwd, folder), {
      key,
      directions: directionsOf(invocation),
      column: textOption(invocation, 'column'),
      depth: depthOf(textOption(invocation, 'depth')),
    });
    invocation.print.result(found, () => lineageLines(found));
    return 0;
  },
};

function directionsOf(invocation: Invocation): Direction[] {
  const [up, down] = [flagOption(invocation, 'up'), flagOption(invocation, 'down')];
  return up === down ? ['up', 'down'] : up ? ['up'] : ['down'];
}

function depthOf(text: string | null): number | null {
  if (text === null) return null;
  const depth = Number(text);
  if (!Number.isInteger(depth) || depth < 1)
    throw fail('option-not-allowed', { option: '--depth', value: text, allowed: 'a whole number from 1' });
  return depth;
}

function lineageLines({ key, column, up, down, columns }: Lineage): string[] {
  if (columns !== null)
    return [
      pc.bold(`${key} ${column ?? ''}`),
      ...(columns.length === 0 ? ['  No other column is made from it, and it from none.'] : columns.map(stepLine)),
    ];
  return [
    ...(up === null ? [] : [pc.bold(`${key} is made from`), ...relativeLines(key, up), '']),
    ...(down === null ? [] : [pc.bold(`What depends on ${key}`), ...relativeLines(key, down), '']),
  ].slice(0, -1);
}

function stepLine({ from, to, how }: ColumnStep): string {
  const told = {
    value: '',
    rows: pc.dim('  decides which rows there are'),
    unknown: pc.magenta('  unknown: this cannot be told'),
  };
  return `  ${from.key} ${from.column} -> ${to.key} ${to.column}${told[how]}`;
}
