export const airflowErrors = {
  'airflow-refused': (p: { endpoint: string; action: string; status: number; because: string }) => ({
    message: `Airflow at ${p.endpoint} would not ${p.action} (${p.status}): ${p.because}.`,
    hint: 'What was asked was not done. Put that right, then resume; runs under way are not touched.',
    exit: 3 as const,
  }),
  'airflow-answer-odd': (p: { endpoint: string; action: string; because: string }) => ({
    message: `What answers at ${p.endpoint} does not seem to be Airflow's REST API: asked to ${p.action}, ${p.because}.`,
    hint: 'Check the url of the Airflow target, and that nothing stands between that asks people to sign in. Then resume.',
    exit: 3 as const,
  }),
  'value-missing': (p: { part: string; environment: string; name: string }) => ({
    message: `${p.part} needs ${p.name}, which ${p.environment} does not have.`,
    hint: 'Nothing was set. Add it to the environment file, make the bundle again and deliver that.',
    exit: 1 as const,
  }),
  'airflow-unit-unknown': (p: { unit: string; bundle: string }) => ({
    message: `The bundle ${p.bundle} has no ${p.unit}.`,
    hint: 'Nothing was changed. Make the plan again from the bundle that is wanted.',
    exit: 1 as const,
  }),
};
