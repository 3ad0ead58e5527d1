export const bundleErrors = {
  'bundle-not-found': (p: { digest: string; folder: string }) => ({
    message: `No bundle ${p.digest} in ${p.folder}.`,
    hint: 'Run `headgate bundle` to make it, or name the folder that holds it with --store.',
    exit: 2 as const,
  }),
};
