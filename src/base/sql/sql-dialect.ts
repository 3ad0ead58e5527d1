/** The dialects that a text is read as where nothing says which one it is in. */
export const sqlDialects = ['snowflake', 'spark', 'duckdb', 'postgres'] as const;
/** The dialects whose meaning is read. */
export const allDialects = [...sqlDialects, 'bigquery', 'trino'] as const;
export type SqlDialect = (typeof allDialects)[number];

/** Whether names keep the case they were written in, so that it shows in the names of outputs. */
export function keepsCase(dialect: SqlDialect): boolean {
  return dialect !== 'snowflake' && dialect !== 'postgres';
}
