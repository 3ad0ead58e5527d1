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
};
