import type { Command } from './command.ts';

/** A noun of the command line. `load` reads its verbs only when the noun is used, so start-up stays quick. */
export type Noun = { noun: string; summary: string; load(): Promise<readonly Command[]> };

export const nouns: readonly Noun[] = [
  {
    noun: 'init',
    summary: 'Look at a repository and write its headgate.yaml',
    load: async () => [(await import('./commands/init/write.ts')).init],
  },
  {
    noun: 'catalog',
    summary: 'List the assets of the project and the edges between them',
    load: async () => [(await import('./commands/catalog/show.ts')).catalog],
  },
  {
    noun: 'bundle',
    summary: 'Make the immutable bundle of the project, with its findings, SBOM and provenance',
    load: async () => [(await import('./commands/bundle/make.ts')).bundle],
  },
  {
    noun: 'check',
    summary: 'Check the project: DAGs, dbt, Python, values, secrets and the runtime lock',
    load: async () => [(await import('./commands/check/run.ts')).check],
  },
  {
    noun: 'verify',
    summary: 'Check offline that bundles are as they were made, and who signed what is attached',
    load: async () => [(await import('./commands/verify/verify.ts')).verify],
  },
  {
    noun: 'lock',
    summary: 'Write headgate.lock: exactly what the project runs on',
    load: async () => [(await import('./commands/lock/write.ts')).lock],
  },
  {
    noun: 'version',
    summary: 'Print the versions of Headgate and of what it runs on',
    load: async () => [(await import('./commands/version/show.ts')).version],
  },
];
