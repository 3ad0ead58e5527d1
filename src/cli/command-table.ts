import type { Command } from './command.ts';

/** A noun of the command line. `load` reads its verbs only when the noun is used, so start-up stays quick. */
export type Noun = { noun: string; summary: string; load(): Promise<readonly Command[]> };

export const nouns: readonly Noun[] = [
  {
    noun: 'check',
    summary: 'Check the project: DAGs, dbt, Python, values, secrets and the runtime lock',
    load: async () => [(await import('./commands/check/run.ts')).check],
  },
  {
    noun: 'version',
    summary: 'Print the versions of Headgate and of what it runs on',
    load: async () => [(await import('./commands/version/show.ts')).version],
  },
];
