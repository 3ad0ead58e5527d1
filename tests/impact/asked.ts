/**
 * How many mutations an oracle is to make, and from which seed. `ORACLE_SEED=3 ORACLE_COUNT=5000 npm test -- tests/impact` shares 5,000 out
 * between the oracles of SQL, of dbt projects and of the whole example; without these words each makes the few that every test run can pay for.
 * For one oracle alone: `ORACLE_SEED=3 ORACLE_COUNT=5000 ORACLE_SHARE=1 node --test tests/impact/sql/oracle.test.ts`.
 */
export function asked(share: number, few: { seed: number; count: number }): { seed: number; count: number } {
  const { ORACLE_SEED, ORACLE_COUNT, ORACLE_SHARE } = process.env;
  const own = ORACLE_SHARE === undefined ? share : Number(ORACLE_SHARE);
  return {
    seed: ORACLE_SEED === undefined ? few.seed : Number(ORACLE_SEED),
    count: ORACLE_COUNT === undefined ? few.count : Math.round(Number(ORACLE_COUNT) * own),
  };
}
