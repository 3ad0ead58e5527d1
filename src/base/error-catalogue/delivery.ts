export const deliveryErrors = {
  'plan-moved': (p: { environment: string; unit: string; expected: string; found: string }) => ({
    message: `${p.unit} in ${p.environment} is at ${p.found}; the plan was made for ${p.expected}.`,
    hint: 'Nothing was changed. Make the plan again with `headgate plan`, read it, and ask for approval again.',
    exit: 1 as const,
  }),
};
