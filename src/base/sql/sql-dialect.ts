/** The dialects whose meaning is read. */
export const sqlDialects = ['snowflake', 'spark', 'duckdb', 'postgres'] as const;
export type SqlDialect = (typeof sqlDialects)[number];

/** Whether names keep the case they were written in, so that it shows in the names of outputs. */
export function keepsCase(dialect: SqlDialect): boolean {
  return dialect === 'spark' || dialect === 'duckdb';
}
