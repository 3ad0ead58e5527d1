import type { Command } from './command.ts';

/** A noun of the command line. `load` reads its verbs only when the noun is used, so start-up stays quick. */
export type Noun = {
  noun: string;
  summary: string;
  /** For people who look behind the curtain: not in the list of `headgate --help`. */
  hidden?: true;
  load(): Promise<readonly Command[]>;
};

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
    noun: 'impact',
    summary: 'Tell what a change does to each asset, and whom it reaches',
    load: async () => [(await import('./commands/impact/tell.ts')).impact],
  },
  {
    noun: 'lineage',
    summary: 'Show what an asset is made from and what depends on it, by columns where they are known',
    load: async () => [(await import('./commands/lineage/show.ts')).lineage],
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
    noun: 'compat',
    summary: 'Tell whether versions of a schema can read each other, with a record that shows it when not',
    load: async () => [(await import('./commands/compat/compat.ts')).compat],
  },
  {
    noun: 'report',
    summary: 'Tell what check, impact and plan found: as a pull-request comment and as files for other tools',
    load: async () => [(await import('./commands/report/report.ts')).report],
  },
  {
    noun: 'flaky',
    summary: 'List the tests that came out both ways with the same inputs',
    load: async () => [(await import('./commands/flaky/list.ts')).flaky],
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
    noun: 'up',
    summary: 'Run the locked stack of the project on this machine: Airflow and Postgres',
    load: async () => [(await import('./commands/up/up.ts')).up],
  },
  {
    noun: 'down',
    summary: 'Stop the stack that `headgate up` started; its data stays',
    load: async () => [(await import('./commands/down/down.ts')).down],
  },
  {
    noun: 'version',
    summary: 'Print the versions of Headgate and of what it runs on',
    load: async () => [(await import('./commands/version/show.ts')).version],
  },
  {
    noun: 'serve',
    summary: 'Start the control plane: API, workers and, by default, its own Postgres',
    load: async () => [(await import('./commands/serve/serve.ts')).serveCommand],
  },
  {
    noun: 'token',
    summary: 'Sign in, and manage tokens and trusted keys',
    load: async () => (await import('./commands/token/token.ts')).tokenCommands,
  },
  {
    noun: 'environment',
    summary: 'Register environments with the control plane; hand their values to tools',
    load: async () => {
      const { environmentSet, environmentList } = await import('./commands/environment/environment.ts');
      const { environmentValues, environmentRun } = await import('./commands/environment/values.ts');
      return [environmentSet, environmentList, environmentValues, environmentRun];
    },
  },
  {
    noun: 'plan',
    summary: 'Show what a bundle or a release would change',
    load: async () => [(await import('./commands/plan/plan.ts')).plan],
  },
  {
    noun: 'promote',
    summary: 'Bring a bundle into an environment',
    load: async () => [(await import('./commands/promote/promote.ts')).promote],
  },
  {
    noun: 'approve',
    summary: 'Approve the plan of a release that waits',
    load: async () => [(await import('./commands/approve/approve.ts')).approve],
  },
  {
    noun: 'reject',
    summary: 'Reject the plan of a release that waits',
    load: async () => [(await import('./commands/approve/approve.ts')).reject],
  },
  {
    noun: 'status',
    summary: 'Show what is live, waiting, under way and stopped',
    load: async () => [(await import('./commands/status/status.ts')).status],
  },
  {
    noun: 'rollback',
    summary: 'Return an environment to the last known good bundle',
    load: async () => [(await import('./commands/rollback/rollback.ts')).rollback],
  },
  {
    noun: 'disable',
    summary: 'Stop one asset at once',
    load: async () => [(await import('./commands/disable/disable.ts')).disable],
  },
  {
    noun: 'enable',
    summary: 'Let an asset that was stopped go on',
    load: async () => [(await import('./commands/disable/disable.ts')).enable],
  },
  {
    noun: 'collect',
    summary: 'Remove releases that nothing in an environment needs any more',
    load: async () => [(await import('./commands/collect/collect.ts')).collect],
  },
  {
    noun: 'resume',
    summary: 'Decide about a rollout that is stuck',
    load: async () => [(await import('./commands/resume/resume.ts')).resume],
  },
  {
    noun: 'history',
    summary: 'List releases and what became of them',
    load: async () => [(await import('./commands/history/history.ts')).history],
  },
  {
    noun: 'audit',
    summary: 'Read, verify, export and prove the audit log',
    load: async () => (await import('./commands/audit/audit.ts')).auditCommands,
  },
  {
    noun: 'helper',
    summary: 'See and stop the warm helpers that make a second check quick',
    hidden: true,
    load: async () => {
      const { helperStatus, helperStop } = await import('./commands/warm-helper/known.ts');
      return [(await import('./commands/warm-helper/serve.ts')).helperServe, helperStatus, helperStop];
    },
  },
];
