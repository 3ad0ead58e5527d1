export const stackErrors = {
  'stack-not-started': (p: { name: string; log: string; output: string }) => ({
    message: `${p.name} did not start.\n${p.output}`,
    hint: `What had been started was stopped again. The whole log is ${p.log}.`,
    exit: 3 as const,
  }),
  'stack-not-local': (p: { environment: string }) => ({
    message: `The Airflow target of ${p.environment} is not on this machine, so there is nothing to start here.`,
    hint: 'Choose an environment whose airflow target has provider folder and a url on 127.0.0.1.',
    exit: 2 as const,
  }),
  'environment-not-in-project': (p: { environment: string; known: string }) => ({
    message: `The project has no environment ${p.environment}; it has ${p.known === '' ? 'none' : p.known}.`,
    hint: 'Name one of them with --environment, or add a file to the environments folder.',
    exit: 2 as const,
  }),
  'stack-runtimes-differ': (p: { parts: string }) => ({
    message: `${p.parts} are locked to different runtimes, and the local stack has one Airflow.`,
    hint: 'Nothing was started. Give these parts the same requirements and run `headgate lock`.',
    exit: 1 as const,
  }),
};
