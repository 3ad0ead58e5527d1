export const projectErrors = {
  'project-not-found': (p: { folder: string }) => ({
    message: `No headgate.yaml in ${p.folder} or any folder above it.`,
    hint: 'Run `headgate init` in the root of the repository to write one.',
    exit: 2 as const,
  }),
};
