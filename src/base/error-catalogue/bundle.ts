export const bundleErrors = {
  'bundle-not-found': (p: { digest: string; folder: string }) => ({
    message: `No bundle ${p.digest} in ${p.folder}.`,
    hint: 'Run `headgate bundle` to make it, or name the folder that holds it with --store.',
    exit: 2 as const,
  }),
  'bundle-ambiguous': (p: { digest: string; found: string }) => ({
    message: `${p.digest} may be any of ${p.found}.`,
    hint: 'Give more digits of the digest.',
    exit: 2 as const,
  }),
  'bundle-too-new': (p: { found: string; known: string }) => ({
    message: `The bundle is of version ${p.found}; this Headgate reads ${p.known}.`,
    hint: 'Nothing was done with it. Use a newer Headgate.',
    exit: 3 as const,
  }),
  'bundle-damaged': (p: { digest: string; because: string }) => ({
    message: `The bundle ${p.digest} is not as it was made: ${p.because}.`,
    hint: 'Nothing of it was used. Fetch it again or make it anew; `headgate verify` names everything that is wrong.',
    exit: 1 as const,
  }),
  'bundle-blocked': (p: { count: number; first: string }) => ({
    message: `The checks stop this bundle: ${p.count} blocking ${p.count === 1 ? 'finding' : 'findings'}, first: ${p.first}.`,
    hint: 'No bundle was made. Run `headgate check` to read them all; --allow-blocking makes the bundle all the same, its findings attached.',
    exit: 1 as const,
  }),
  'bundle-file-changed': (p: { path: string }) => ({
    message: `${p.path} changed while it was being packed.`,
    hint: 'No bundle was made. Make the bundle again when nothing writes into the project.',
    exit: 3 as const,
  }),
  'bundle-file-outside': (p: { path: string; because: string }) => ({
    message: `${p.path} cannot go into a bundle: ${p.because}.`,
    hint: 'No bundle was made. Put the file itself into the project, or take it out of the part.',
    exit: 1 as const,
  }),
  'bundle-undeclared': (p: { folder: string }) => ({
    message: `No headgate.yaml in ${p.folder} or any folder above it, so nothing says what to deliver.`,
    hint: 'No bundle was made. Run `headgate init` to write one.',
    exit: 2 as const,
  }),
  'bundle-empty': (p: { project: string }) => ({
    message: `${p.project} has nothing that Headgate can deliver.`,
    hint: 'No bundle was made. List parts under `parts:` in headgate.yaml; `headgate init` proposes them.',
    exit: 1 as const,
  }),
  'bundle-part-missing': (p: { bundle: string; part: string }) => ({
    message: `The bundle ${p.bundle} has no part ${p.part}.`,
    hint: 'Nothing was changed. Make the plan again for the bundle that is wanted.',
    exit: 1 as const,
  }),
  'archive-refused': (p: { entry: string; because: string }) => ({
    message: `The archive was refused at ${p.entry}: ${p.because}.`,
    hint: 'Nothing was written outside its folder, and what was written inside was removed. Do not trust where the archive came from.',
    exit: 1 as const,
  }),
  'blob-missing': (p: { digest: string; folder: string }) => ({
    message: `The blob ${p.digest} is not in ${p.folder}.`,
    hint: 'Nothing was changed. Fetch the bundle again or make it anew with `headgate bundle`.',
    exit: 1 as const,
  }),
  'blob-damaged': (p: { digest: string; found: string }) => ({
    message: `The blob ${p.digest} holds other bytes (${p.found}).`,
    hint: 'It was not used. Fetch the bundle again or make it anew with `headgate bundle`.',
    exit: 1 as const,
  }),
  'bundle-store-unusable': (p: { folder: string; because: string }) => ({
    message: `The bundle store ${p.folder} cannot be used: ${p.because}.`,
    hint: 'Bundles that were in it are as they were. Check the disk (room, rights) and run the command again.',
    exit: 3 as const,
  }),
  'signing-key-unusable': (p: { file: string; because: string }) => ({
    message: `The key in ${p.file} cannot be used: ${p.because}.`,
    hint: 'Nothing was signed or trusted. The file must hold an ed25519 key as PEM; a private key must have mode 0600.',
    exit: 2 as const,
  }),
};
