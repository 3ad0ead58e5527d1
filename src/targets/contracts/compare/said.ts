/** A map as a contract says it. */
export type Said = { [key: string]: unknown };

/** The maps of a list; anything else in it is left out. */
export function listOf(value: unknown): Said[] {
  return Array.isArray(value)
    ? value.flatMap((item: unknown) =>
        item !== null && typeof item === 'object' && !Array.isArray(item) ? [{ ...item }] : [],
      )
    : [];
}

export function byName(all: readonly Said[]): Map<string, Said> {
  return new Map(all.map((one) => [textOf(one.name) ?? '', one]));
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : null;
}
