/** Tables that an SQL text names, as written without quotes. Names of its own `with` clauses are left out. */
export function tablesIn(sql: string): { way: 'read' | 'write'; name: string }[] {
  const text = withoutComments(sql);
  const own = new Set(
    [...text.matchAll(/(?:\bwith(?:\s+recursive)?|,)\s+([\w"`]+)\s+as\s*(?:materialized\s*)?\(/gi)].map((found) =>
      bare(found[1] ?? '').toLowerCase(),
    ),
  );
  const found = [...text.matchAll(pattern)].map(([, verb = '', name = '']) => ({
    way: /^(from|join)$/i.test(verb) ? ('read' as const) : ('write' as const),
    name: bare(name),
  }));
  const named = found.filter(
    ({ name }) => !own.has(name.toLowerCase()) && !/^(select|values|lateral|unnest|table|only)$/i.test(name),
  );
  return [...new Map(named.map((table) => [`${table.way} ${table.name}`, table])).values()];
}

const pattern =
  /\b(from|join|insert\s+(?:into|overwrite)(?:\s+table)?|merge\s+into|update|create\s+(?:or\s+replace\s+)?(?:temporary\s+|transient\s+|external\s+)?(?:table|view)(?:\s+if\s+not\s+exists)?|delete\s+from)\s+((?:["`]?[\w$*-]+["`]?)(?:\.["`]?[\w$*-]+["`]?){0,3})(?!\s*\()/gi;

/** An SQL text without comments. */
function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/g, ' ').replace(/\/\*[\s\S]*?\*\//g, ' ');
}

/** A name without its quotes. */
export function bare(name: string): string {
  return name.replace(/["`]/g, '');
}
