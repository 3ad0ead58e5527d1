import type { PropertyChange } from './compare-properties.ts';

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const order = ['none', 'compatible', 'unknown', 'breaking'];

/** The worst of what is not null, with the columns of all where each can say them. */
export function worst(changes: readonly (PropertyChange | null)[]): PropertyChange | null {
  const real = changes.flatMap((change) => change ?? []);
  const [first] = [...real].sort((a, b) => order.indexOf(b.effect) - order.indexOf(a.effect));
  if (first === undefined) return null;
  const columns = real.every((change) => change.columns !== null)
    ? real.flatMap((change) => change.columns ?? [])
    : null;
  const unique =
    columns === null
      ? null
      : [...new Map(columns.map((column) => [`${column.name} ${column.change}`, column])).values()];
  return { effect: first.effect, because: first.because, columns: unique };
}
