import type { Said } from '../code-changes/said.ts';

type Aspect = { calls: RegExp; because: string };

/** What of a stream cannot change under a checkpoint, or changes what comes out when; found by the calls that set it. */
const aspects: readonly Aspect[] = [
  {
    calls:
      /\.(groupBy|groupByKey|agg|dropDuplicates\w*|mapGroupsWithState|flatMapGroupsWithState|applyInPandasWithState|transformWithState\w*|join|window|session_window)\s*\(/,
    because: 'a stateful operator changed, which the state in its checkpoint may not fit',
  },
  { calls: /\.withWatermark\s*\(/, because: 'its watermark changed, so that other late rows are dropped' },
  { calls: /\.outputMode\s*\(/, because: 'its output mode changed' },
  { calls: /\.trigger\s*\(/, because: 'its trigger changed' },
  { calls: /\b(writeStream|foreachBatch|toTable|writeTo)\b/, because: 'its sink changed' },
  {
    calls: /\b(readStream)\b|["'](subscribe|startingOffsets|maxOffsetsPerTrigger|failOnDataLoss)["']/,
    because: 'its source changed',
  },
  { calls: /["']checkpointLocation["']/, because: 'its checkpoint changed, so that it may start without what it knew' },
];

/** Which aspects of a stream differ between two texts of its code. They come with the code's own differences, never alone. */
export function streamSaid(sources: { base: readonly string[]; head: readonly string[] }): Said[] {
  const gone = new Set(piecesOf(sources.base));
  const come = new Set(piecesOf(sources.head));
  const differing = [
    ...[...gone].filter((piece) => !come.has(piece)),
    ...[...come].filter((piece) => !gone.has(piece)),
  ];
  return aspects
    .filter(({ calls }) => differing.some((piece) => calls.test(piece)))
    .map(({ because }): Said => ({ effect: 'breaking', because }));
}

/** The calls of chains, one by one: what stands between a dot that opens a call and the next. */
function piecesOf(sources: readonly string[]): string[] {
  return sources.flatMap((source) =>
    source
      .replaceAll(/#[^\n]*/g, '')
      .replaceAll("'", '"')
      .split(/(?=\.\s*(?:writeStream|readStream|[a-zA-Z_]\w*\s*\())/)
      .map((piece) => piece.replaceAll(/[\s\\]+/g, '')),
  );
}
