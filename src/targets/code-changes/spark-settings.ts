import type { Said } from './said.ts';

/** What another value of a setting does to a job, and the words that follow its name and values. */
export type SettingMeaning = { effect: Said['effect']; why: string };
type SettingRule = SettingMeaning & { names: RegExp };

/** Settings of Spark whose meaning is known; of any other one it is not. The first rule that fits counts. */
const rules: readonly SettingRule[] = [
  {
    names:
      /^spark\.((executor|driver)\.(memory|cores|memoryOverhead|memoryOverheadFactor|maxResultSize)|executor\.instances|cores\.max|dynamicAllocation\.\w+|(yarn|kubernetes)\.(am|driver|executor)\.(memory|cores|request\.cores|limit\.cores)|memory\.[\w.]+|shuffle\.(service|compress|spill|file)[\w.]*|local\.dir|network\.timeout|rpc\.[\w.]+|task\.(cpus|maxFailures)|speculation[\w.]*|locality\.wait[\w.]*|sql\.broadcastTimeout|yarn\.(queue|maxAppAttempts)|scheduler\.[\w.]+)$/,
    effect: 'compatible',
    why: ', which decides time and cost, not the result',
  },
  {
    names:
      /^spark\.(ui\.[\w.]+|log\.level|eventLog\.[\w.]+|app\.name|metrics\.[\w.]+|history\.[\w.]+|yarn\.(tags|applicationType)|extraListeners|openlineage\.[\w.]+|sql\.(debug|repl|queryExecutionListeners)[\w.]*)$/,
    effect: 'none',
    why: ', which only shows',
  },
  {
    names:
      /^spark\.(sql\.shuffle\.partitions|default\.parallelism|sql\.adaptive\.[\w.]+|sql\.files\.[\w.]+|sql\.autoBroadcastJoinThreshold|sql\.join\.[\w.]+|master|submit\.deployMode)$/,
    effect: 'unknown',
    why: ', so that rows may come in another order',
  },
  { names: /^spark\.sql\.session\.timeZone$/, effect: 'breaking', why: ', so that days and times are others' },
  {
    names: /^spark\.sql\.ansi\.\w+$/,
    effect: 'breaking',
    why: ', so that what was null may fail, or the other way round',
  },
  { names: /^spark\.sql\.caseSensitive$/, effect: 'breaking', why: ', so that names may mean other columns' },
  { names: /^spark\.sql\.legacy\.[\w.]+$/, effect: 'breaking', why: ', by which an older behaviour is chosen' },
  {
    names: /^spark\.sql\.(sources\.partitionOverwriteMode|storeAssignmentPolicy)$/,
    effect: 'breaking',
    why: ', which decides what a write replaces or takes',
  },
  {
    names:
      /^spark\.(sql\.warehouse\.dir|sql\.defaultCatalog|sql\.catalog\.[\w.]+|sql\.sources\.default|hadoop\.hive\.metastore\.uris)$/,
    effect: 'breaking',
    why: ', so that its tables are elsewhere or of another kind',
  },
  {
    names: /^spark\.sql\.streaming\.(checkpointLocation|stateStore\.[\w.]+|statefulOperator\.[\w.]+)$/,
    effect: 'breaking',
    why: ', so that it may start without what it knew',
  },
  {
    names: /^spark\.(jars(\.[\w.]+)?|submit\.pyFiles|files|archives|pyspark\.(driver\.)?python|sql\.extensions)$/,
    effect: 'unknown',
    why: ', so that it may run on other code',
  },
];

/** What a setting of Spark means. A setting that is none of Spark's is for the job's own code to read. */
export function meaningOfSetting(name: string): SettingMeaning {
  const rule = rules.find(({ names }) => names.test(name));
  if (rule !== undefined) return { effect: rule.effect, why: rule.why };
  return { effect: 'unknown', why: ', and what that means is not known' };
}
