/**
 * What is different in a relation. `columns`: its rows are the same but for these columns. `rows`: anything may be different;
 * `sure` when the texts say different things, false when that could not be told.
 */
export type Delta =
  | { is: 'columns'; added: string[]; removed: string[]; changed: string[] }
  | { is: 'rows'; sure: boolean; because: string };

export const noDelta: Delta = { is: 'columns', added: [], removed: [], changed: [] };

export function rowsDiffer(because: string): Delta {
  return { is: 'rows', sure: true, because };
}

export function notCertain(because: string): Delta {
  return { is: 'rows', sure: false, because };
}

export function isNothing(delta: Delta): boolean {
  return delta.is === 'columns' && delta.added.length + delta.removed.length + delta.changed.length === 0;
}

/** A name as it is compared: without quotes. */
export function foldedName(written: string): string {
  const quoted = /^(["`])([\s\S]*)\1$/.exec(written);
  return (quoted?.[2] ?? written).toLowerCase();
}
