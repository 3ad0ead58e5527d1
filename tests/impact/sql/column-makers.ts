import type { Chance } from './chance.ts';

/** Makes one value of a column, written as SQL. */
export type Make = (chance: Chance, row: number) => string;

export const orNull =
  (make: Make): Make =>
  (chance, row) =>
    chance.is(0.12) ? 'null' : make(chance, row);
export const number = (...values: number[]): Make => orNull((chance) => String(chance.pick(values)));
export const text = (...values: string[]): Make => orNull((chance) => `'${chance.pick(values)}'`);
export const row: Make = (_, at) => String(at);

/** A table by its columns and how many rows it gets. */
export type TableShape = { rows: number; columns: { [column: string]: [type: string, make: Make] } };
