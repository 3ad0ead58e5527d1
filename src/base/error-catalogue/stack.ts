export const stackErrors = {
  'stack-not-started': (p: { name: string; log: string; output: string }) => ({
    message: `${p.name} did not start.\n${p.output}`,
    hint: `What had been started was stopped again. The whole log is ${p.log}.`,
    exit: 3 as const,
  }),
};
