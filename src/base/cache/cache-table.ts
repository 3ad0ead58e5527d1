/** Small answers by fingerprint, all in memory. What was looked at longest ago goes first when there is no room. */
export type CacheTable = {
  /** The answer's JSON text, from this machine's table or, where that has none, from the shared one. */
  get(fingerprint: string): Promise<string | null>;
  set(fingerprint: string, text: string): void;
  /** Every answer that this machine's table or the shared one has, those of this machine first. */
  all(): Promise<[string, string][]>;
};

export type Table = CacheTable & { save(): Promise<void> };

export type TablePlaces = {
  local(): Promise<string | null>;
  shared(): Promise<string | null>;
  writeLocal(text: string): Promise<void>;
  /** Null: this process may not. */
  writeShared: ((text: string) => Promise<void>) | null;
};

/** Characters of a table; a table is read and written as a whole. */
const MOST_CHARACTERS = 48 * 1024 * 1024;
const TRIM_TO = 0.75;

type Row = { text: string; used: boolean };

/** Rows in the order of their last use, oldest first: a Map keeps that order when a used row is entered anew. */
export async function openTable(places: TablePlaces): Promise<Table> {
  const rows = rowsOf(await places.local());
  let theirs: Promise<Map<string, Row>> | null = null;
  let isChanged = false;

  function enter(fingerprint: string, text: string): void {
    rows.delete(fingerprint);
    rows.set(fingerprint, { text, used: true });
  }

  return {
    async get(fingerprint) {
      const own = rows.get(fingerprint);
      if (own !== undefined) {
        own.used = true;
        return own.text;
      }
      theirs ??= places.shared().then(rowsOf);
      const found = (await theirs).get(fingerprint)?.text ?? null;
      if (found !== null) {
        enter(fingerprint, found);
        isChanged = true;
      }
      return found;
    },
    set(fingerprint, text) {
      enter(fingerprint, text);
      isChanged = true;
    },
    async all() {
      theirs ??= places.shared().then(rowsOf);
      return [...rows, ...(await theirs)].map(([fingerprint, { text }]) => [fingerprint, text]);
    },
    async save() {
      if (!isChanged) return;
      isChanged = false;
      await places.writeLocal(withRows(await places.local(), rows));
      await places.writeShared?.(withRows(await places.shared(), rows));
    },
  };
}

/**
 * What another process has written meanwhile is kept; what two do at the same moment costs one of them its additions. Rows that
 * were used stand last, so that they stay longest.
 */
function withRows(text: string | null, rows: ReadonlyMap<string, Row>): string {
  const all = rowsOf(text);
  for (const [fingerprint, row] of [...rows].sort(([, a], [, b]) => Number(a.used) - Number(b.used))) {
    all.delete(fingerprint);
    all.set(fingerprint, row);
  }
  return JSON.stringify(withinRoom([...all]));
}

function withinRoom(rows: [string, Row][]): [string, string][] {
  const sizeOf = ([fingerprint, { text }]: [string, Row]) => fingerprint.length + text.length;
  let held = rows.reduce((sum, row) => sum + sizeOf(row), 0);
  const most = held > MOST_CHARACTERS ? MOST_CHARACTERS * TRIM_TO : MOST_CHARACTERS;
  let from = 0;
  for (const row of rows) {
    if (held <= most) break;
    held -= sizeOf(row);
    from += 1;
  }
  return rows.slice(from).map(([fingerprint, { text }]) => [fingerprint, text]);
}

function rowsOf(text: string | null): Map<string, Row> {
  const read: unknown = text === null ? [] : JSON.parse(text);
  const rows = new Map<string, Row>();
  for (const row of Array.isArray(read) ? read : []) {
    if (!Array.isArray(row)) continue;
    const [fingerprint, kept]: unknown[] = row;
    if (typeof fingerprint === 'string' && typeof kept === 'string') rows.set(fingerprint, { text: kept, used: false });
  }
  return rows;
}
