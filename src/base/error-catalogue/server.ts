export const serverErrors = {
  'server-unreachable': (p: { url: string }) => ({
    message: `Could not reach the control plane at ${p.url}.`,
    hint: 'Nothing was changed. Start it with `headgate serve`, or set HEADGATE_URL.',
    exit: 3 as const,
  }),
};
