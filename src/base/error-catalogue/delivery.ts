export const deliveryErrors = {
  'plan-moved': (p: { environment: string; unit: string; expected: string; found: string }) => ({
    message: `${p.unit} in ${p.environment} is at ${p.found}; the plan was made for ${p.expected}.`,
    hint: 'Nothing was changed. Make the plan again with `headgate plan`, read it, and ask for approval again.',
    exit: 1 as const,
  }),
  'environment-unknown': (p: { environment: string; bundle: string }) => ({
    message: `Bundle ${p.bundle} has no environment ${p.environment}.`,
    hint: 'Nothing was changed. Add environments/<name>.yaml to the project and make the bundle again, or name another environment.',
    exit: 2 as const,
  }),
  'rollout-not-found': (p: { rollout: string }) => ({
    message: `There is no rollout ${p.rollout}.`,
    hint: 'Nothing was changed. Run `headgate status` for the rollouts there are.',
    exit: 2 as const,
  }),
  'rollout-not-stuck': (p: { rollout: string; state: string }) => ({
    message: `Rollout ${p.rollout} is ${p.state}, not stuck.`,
    hint: 'Nothing was changed. Only a stuck rollout waits for a person; run `headgate status` to see where this one is.',
    exit: 1 as const,
  }),
  'rollout-direction-impossible': (p: { rollout: string }) => ({
    message: `Rollout ${p.rollout} has already undone a step, so it cannot go forward again.`,
    hint: 'Nothing was changed. Resume it backward, and when it has ended ask for the release again.',
    exit: 1 as const,
  }),
  'rollout-lost': (p: { rollout: string }) => ({
    message: `Rollout ${p.rollout} is held by another worker now.`,
    hint: 'This worker has stopped and touches nothing more. The other one goes on; run `headgate status` to follow it.',
    exit: 3 as const,
  }),
};
