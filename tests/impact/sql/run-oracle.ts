import { judgePairs, tallyOf } from './oracle.ts';

/** `node tests/impact/sql/run-oracle.ts [seed] [count]`: says what was decided of so many pairs, and each that was decided wrongly. */
const [seed = 1, count = 5000] = process.argv.slice(2).map(Number);
const tally = tallyOf(await judgePairs(seed, count));
const shown = [...tally.wronglySafe, ...tally.wrongColumns].slice(0, 20);
for (const { name, base, head, change, why } of shown)
  process.stdout.write(
    `${name}: ${change.effect} ${change.because} ${JSON.stringify(change.columns)}\n  ${why ?? ''}\n  ${base}\n  ${head}\n`,
  );
process.stdout.write(
  `${JSON.stringify({ ...tally, wronglySafe: tally.wronglySafe.length, wrongColumns: tally.wrongColumns.length }, null, 1)}\n`,
);
