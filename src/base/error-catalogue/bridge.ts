export const bridgeErrors = {
  'python-not-found': (p: { tried: string }) => ({
    message: `No usable Python was found (tried ${p.tried}).`,
    hint: 'Headgate needs Python 3.10, 3.11 or 3.12 with venv. Install one, or name it in HEADGATE_PYTHON.',
    exit: 3 as const,
  }),
  'runtime-not-made': (p: { runtime: string; step: string; output: string }) => ({
    message: `The ${p.runtime} runtime could not be made: ${p.step} failed.\n${p.output}`,
    hint: 'Nothing half-made will be used. Check that the package registry can be reached (pip settings are honoured) and that the disk has room, then run the same command again.',
    exit: 3 as const,
  }),
  'requirements-not-locked': (p: { file: string; output: string }) => ({
    message: `${p.file} could not be locked.\n${p.output}`,
    hint: 'No lock was written. Change the requirements so that they can be met together, then run `headgate lock` again.',
    exit: 1 as const,
  }),
  'python-not-asked': (p: { python: string; because: string }) => ({
    message: `${p.python} could not say which packages it has: ${p.because}`,
    hint: 'Nothing was changed. Check the `python` of the target in its environment.',
    exit: 3 as const,
  }),
  'test-database-not-made': (p: { output: string }) => ({
    message: `The metadata database for tests of DAGs could not be made: ${p.output}`,
    hint: 'Nothing of the project was changed. Run the check again; the other checks do not need it.',
    exit: 3 as const,
  }),
  'bridge-closed': (p: { runtime: string; method: string; reason: string }) => ({
    message: `The ${p.runtime} bridge ended while it worked on ${p.method}: ${p.reason}.`,
    hint: 'Nothing was changed. Run the command again; if it happens each time, run `headgate doctor`.',
    exit: 3 as const,
  }),
  'bridge-refused': (p: { method: string; code: string; message: string }) => ({
    message: `The bridge could not do ${p.method}: ${p.message} (${p.code}).`,
    hint: 'Nothing was changed. Read the message; if it names a bug of Headgate, please report it.',
    exit: 3 as const,
  }),
  'bridge-timeout': (p: { method: string; seconds: number }) => ({
    message: `The bridge did not finish ${p.method} in ${p.seconds} s and was stopped.`,
    hint: 'Nothing was changed. Raise the time limit, or look for the file that keeps it busy.',
    exit: 3 as const,
  }),
};
