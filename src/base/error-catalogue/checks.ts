export const checksErrors = {
  'secret-reference-invalid': (p: { reference: string }) => ({
    message: `"${p.reference}" is not a secret reference.`,
    hint: 'Nothing was read. Write env:NAME for an environment variable, or file:/absolute/path for a file.',
    exit: 2 as const,
  }),
  'secret-not-found': (p: { reference: string; because: string }) => ({
    message: `The secret at ${p.reference} could not be read: ${p.because}.`,
    hint: 'Nothing was changed. Provide it where Headgate runs, or point the environment at another place.',
    exit: 3 as const,
  }),
  'check-unknown': (p: { name: string; nearest: string | null; known: string }) => ({
    message: `There is no check named "${p.name}".${p.nearest === null ? '' : ` Did you mean "${p.nearest}"?`}`,
    hint: `Nothing was checked. The checks are: ${p.known}.`,
    exit: 2 as const,
  }),
  'check-environment-unknown': (p: { name: string; nearest: string | null; known: string }) => ({
    message: `This project has no environment "${p.name}".${p.nearest === null ? '' : ` Did you mean "${p.nearest}"?`}`,
    hint: `Nothing was checked. ${p.known === '' ? 'No environment is declared yet: add a file to the environments folder.' : `The environments are: ${p.known}.`}`,
    exit: 2 as const,
  }),
  'check-name-taken': (p: { name: string }) => ({
    message: `Two checks are called "${p.name}".`,
    hint: 'Nothing was checked. Give your own check under `checks:` in headgate.yaml another name.',
    exit: 2 as const,
  }),
  'check-times-unreadable': (p: { file: string; because: string }) => ({
    message: `${p.file} could not be read as times of checks: ${p.because}.`,
    hint: 'Nothing was checked. It is what `headgate check --write-times <file>` writes; every shard needs the same one.',
    exit: 2 as const,
  }),
  'check-times-unwritable': (p: { file: string; because: string }) => ({
    message: `The times of the checks could not be written to ${p.file}: ${p.because}.`,
    hint: 'The checks were carried out. Name a file in a folder that can be written.',
    exit: 3 as const,
  }),
  'lock-unreadable': (p: { path: string; because: string }) => ({
    message: `${p.path} could not be read as a runtime lock: ${p.because}.`,
    hint: 'Nothing was changed. Run `headgate lock` to write it anew.',
    exit: 1 as const,
  }),
  'lock-not-written': (p: { path: string; because: string }) => ({
    message: `${p.path} could not be written: ${p.because}.`,
    hint: 'The lock that was there is as it was. Check that the folder can be written and the disk has room, then run `headgate lock` again.',
    exit: 3 as const,
  }),
  'lock-newer': (p: { path: string; version: string }) => ({
    message: `${p.path} was written by a newer Headgate (lock version ${p.version}).`,
    hint: 'Nothing was changed. Update Headgate, or write the lock again with this version.',
    exit: 3 as const,
  }),
  'lock-not-resolved': (p: { part: string; tool: string; output: string }) => ({
    message: `The runtime of ${p.part} could not be locked: ${p.tool} gave no answer that can be used.\n${p.output}`,
    hint: 'The lock that was there is as it was. Check that the package registry can be reached (pip settings are honoured) and that the requirements can be met together, then run `headgate lock` again.',
    exit: 3 as const,
  }),
};
