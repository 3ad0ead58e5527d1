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
  'part-not-said': (_: Record<string, never>) => ({
    message: 'No part was named.',
    hint: 'Name it with --for, for example --for terraform/lake.',
    exit: 2 as const,
  }),
  'part-unknown': (p: { part: string; known: string }) => ({
    message: `This project has no part \`${p.part}\`.`,
    hint: `It has: ${p.known}.`,
    exit: 2 as const,
  }),
  'part-without-variables': (p: { part: string }) => ({
    message: `${p.part} gets its values with what is delivered, not from here.`,
    hint: 'Deliver it with `headgate promote`; so far only Terraform parts are handed their values.',
    exit: 2 as const,
  }),
  'tool-values-unfit': (p: { part: string; environment: string; problems: string }) => ({
    message: `${p.part} would not take the values of ${p.environment}: ${p.problems}.`,
    hint: 'Nothing was started or written. `headgate check` names the file and line of each.',
    exit: 1 as const,
  }),
  'values-not-written': (p: { file: string; because: string }) => ({
    message: `${p.file} could not be written: ${p.because}`,
    hint: 'Name a file in a folder that is there and may be written to.',
    exit: 3 as const,
  }),
  'command-not-started': (p: { program: string; because: string }) => ({
    message: `${p.program} could not be started: ${p.because}`,
    hint: 'Nothing was run. Check that the program is in PATH.',
    exit: 2 as const,
  }),
};
