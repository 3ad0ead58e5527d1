export const projectErrors = {
  'project-not-found': (p: { folder: string }) => ({
    message: `No headgate.yaml in ${p.folder} or any folder above it.`,
    hint: 'Run `headgate init` in the root of the repository to write one.',
    exit: 2 as const,
  }),
  'project-folder-missing': (p: { folder: string }) => ({
    message: `${p.folder} is not a folder that can be read.`,
    hint: 'Name the folder of the project.',
    exit: 2 as const,
  }),
  'project-file-exists': (p: { file: string }) => ({
    message: `${p.file} is there already.`,
    hint: 'Nothing was changed. Edit it, or write it anew with `headgate init --force`.',
    exit: 2 as const,
  }),
  'project-environment-unknown': (p: { environment: string; known: string }) => ({
    message: `This project has no environment \`${p.environment}\`.`,
    hint: `It has: ${p.known}. Each environment is one file in the environments folder.`,
    exit: 2 as const,
  }),
  'target-unknown': (p: { target: string; known: string }) => ({
    message: `There is no target \`${p.target}\`.`,
    hint: `Targets are: ${p.known}.`,
    exit: 2 as const,
  }),
  'exact-not-possible': (p: { part: string; why: string }) => ({
    message: `\`${p.part}\` could not be read exactly: ${p.why}.`,
    hint: 'Set the runtime up with `headgate doctor`, or use `--exact auto` to fall back on reading the text.',
    exit: 3 as const,
  }),
  'option-not-allowed': (p: { option: string; value: string; allowed: string }) => ({
    message: `${p.option} cannot be \`${p.value}\`.`,
    hint: `Allowed: ${p.allowed}.`,
    exit: 2 as const,
  }),
};
