/**
 * The flow of a delivery, stage by stage. A stage is a folder here and imports only the stages before it.
 * `npm run check` keeps this list, the folders and the README's table equal.
 */
export const flow = [
  { stage: 'project', does: 'reads headgate.yaml and the environments; says what is wrong with them' },
  { stage: 'catalog', does: 'lists every asset and the edges between them' },
  { stage: 'impact', does: 'tells what a change does to each asset and whom it reaches' },
  { stage: 'checks', does: 'decides which checks run and what their findings add up to' },
  { stage: 'bundle', does: 'lays out the immutable, content-addressed bundle' },
  { stage: 'release', does: 'asks for a bundle, with its findings, in an environment' },
  { stage: 'plan', does: 'lists the steps from what is live to what is wanted' },
  { stage: 'gates', does: 'says allowed, refused or waiting, by policy and people' },
  { stage: 'rollout', does: 'says which step is next, and what is to be undone' },
  { stage: 'health', does: 'judges what is live after a rollout' },
  { stage: 'audit', does: 'chains what happened into a log nobody can quietly change' },
] as const;

export type Stage = (typeof flow)[number]['stage'];
