export const targetErrors = {
  'target-unreachable': (p: { target: string; endpoint: string }) => ({
    message: `Could not reach ${p.target} at ${p.endpoint}.`,
    hint: 'Nothing has been changed there. Check the endpoint and its credentials, then resume.',
    exit: 3 as const,
  }),
  'target-epoch-stale': (p: { target: string; unit: string; held: number; offered: number }) => ({
    message: `${p.target} refused ${p.unit}: a newer rollout (epoch ${p.held}) has taken over from epoch ${p.offered}.`,
    hint: 'Nothing was changed. Look at `headgate status` for the rollout that holds the environment.',
    exit: 1 as const,
  }),
  'dbt-run-lost': (p: { unit: string; run: string }) => ({
    message: `The dbt run of ${p.unit} is gone without an end (${p.run}).`,
    hint: 'Nobody knows how far it came. It is started again when the rollout is resumed; building again is safe.',
    exit: 3 as const,
  }),
  'dbt-run-interrupted': (p: { unit: string; cause: string; message: string; hint: string }) => ({
    message: `dbt could not build ${p.unit} (${p.cause}). ${p.message}`,
    hint: `${p.hint} The release that was live is still pointed to where the switch was not reached.`,
    exit: 3 as const,
  }),
};
