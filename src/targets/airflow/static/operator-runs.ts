import {
  type Arguments,
  argument,
  asText,
  type FunctionValue,
  itemsOf,
  type Value,
} from '../../../base/python-source/values.ts';
import type { TaskRun } from '../../contract.ts';
import { shellRuns } from './shell-runs.ts';

export type OperatorCall = { names: readonly string[]; given: Arguments; definition: FunctionValue | null };
type ReadRuns = (given: Arguments) => TaskRun[];

const longestDetail = 4000;

function word(given: Arguments, ...names: string[]): string {
  const value = argument(given, null, ...names);
  return value === undefined || value.is === 'none' ? '' : asText(value).value;
}

function words(value: Value | undefined): string[] {
  if (value === undefined || value.is === 'none') return [];
  const items = value.is === 'list' ? (itemsOf(value)?.items ?? []) : [value];
  return items.map((item) => asText(item).value);
}

/** A command of a container: what a shell would read, put together from its pieces. */
function container(given: Arguments): TaskRun[] {
  const pieces = ['cmds', 'entrypoint', 'command', 'arguments', 'args'].flatMap((name) => words(given.named.get(name)));
  if (pieces.length === 0) return [{ kind: 'container', ref: word(given, 'image'), detail: '' }];
  const shell = pieces.findIndex((piece) => /^-\w*c$/.test(piece));
  const runs = shell === -1 ? shellRuns(pieces.join(' ')) : shellRuns(pieces.slice(shell + 1).join(' '));
  const known = runs.filter((run) => run.kind !== 'bash');
  return known.length > 0
    ? known
    : [{ kind: 'container', ref: word(given, 'image'), detail: pieces.join(' ').slice(0, longestDetail) }];
}

function dbt(verb: string): ReadRuns {
  return (given) => {
    const selected = words(argument(given, null, 'select', 'models') ?? rendered(given, 'select'));
    const excluded = words(given.named.get('exclude') ?? rendered(given, 'exclude'));
    const detail = [
      verb,
      ...(selected.length > 0 ? ['--select', ...selected] : []),
      ...(excluded.length > 0 ? ['--exclude', ...excluded] : []),
    ];
    return [{ kind: 'dbt', ref: projectOf(given), detail: detail.join(' ') }];
  };
}

/** What cosmos' RenderConfig says. */
function rendered(given: Arguments, name: string): Value | undefined {
  const config = given.named.get('render_config');
  return config?.is === 'made' ? config.arguments.named.get(name) : undefined;
}

/** `project_dir`, `dir`, or the path in cosmos' ProjectConfig. */
function projectOf(given: Arguments): string {
  const config = given.named.get('project_config');
  if (config?.is !== 'made') return word(given, 'project_dir', 'dir', 'dbt_project_dir');
  const path = argument(config.arguments, 0, 'dbt_project_path');
  return path === undefined ? '' : asText(path).value;
}

function spark(...names: string[]): ReadRuns {
  return (given) => [
    {
      kind: 'spark',
      ref: word(given, ...names) || '*',
      detail: words(argument(given, null, 'application_args')).join(' '),
    },
  ];
}

const applicationKeys = ['entryPoint', 'main_python_file_uri', 'mainPythonFileUri', 'python_file', 'main_jar_file_uri'];

/** Spark applications inside the nested arguments of EMR, Dataproc and Databricks operators. */
function nestedSpark(value: Value, depth = 0): TaskRun[] {
  if (depth > 8) return [];
  if (value.is === 'list') {
    const [first] = value.items;
    if (first?.is === 'text' && first.value.includes('spark-submit')) {
      return shellRuns(words(value).join(' ')).filter((run) => run.kind === 'spark');
    }
    return value.items.flatMap((item) => nestedSpark(item, depth + 1));
  }
  if (value.is !== 'dict') return [];
  const here = applicationKeys.flatMap((key) => {
    const found = value.entries.get(`t${key}`)?.value;
    return found?.is === 'text' ? [{ kind: 'spark', ref: found.value, detail: '' }] : [];
  });
  return here.length > 0 ? here : [...value.entries.values()].flatMap((entry) => nestedSpark(entry.value, depth + 1));
}

/** What the usual operators run, by name; the first that matches the operator or one it is derived from. */
const byOperator: readonly { operator: RegExp; runs: ReadRuns }[] = [
  {
    operator: /^(Bash|SSH)Operator$|^BashSensor$/,
    runs: (given) => shellRuns(word(given, 'bash_command', 'command') || '*'),
  },
  {
    operator:
      /^(KubernetesPod|GKEStartPod|GKEPod|EksPod|Docker|DockerSwarm)Operator(Async)?$|^(GKEPodOperator|PodOperator)$/,
    runs: container,
  },
  {
    operator: /^TriggerDagRun(Operator|Link)$/,
    runs: (given) => [{ kind: 'dag', ref: word(given, 'trigger_dag_id') || '*', detail: 'trigger' }],
  },
  { operator: /^ExternalTaskSensor(Async)?$/, runs: waitRuns },
  { operator: /^SparkSubmitOperator$/, runs: spark('application') },
  {
    operator: /^(Aws)?Glue\w*Job\w*Operator$/,
    runs: (given) => [{ kind: 'spark', ref: word(given, 'script_location', 'job_name') || '*', detail: 'glue' }],
  },
  { operator: /^SparkKubernetes\w*Operator$/, runs: spark('application_file') },
  {
    operator: /^(Emr|Dataproc|Databricks)\w*Operator$/,
    runs: (given) => [...given.named.values()].flatMap((value) => nestedSpark(value)),
  },
  {
    operator: /^SparkSqlOperator$/,
    runs: (given) => [{ kind: 'sql', ref: word(given, 'conn_id'), detail: word(given, 'sql').slice(0, longestDetail) }],
  },
  { operator: /^DbtTaskGroup$|^DbtDag$|^DbtBuild\w*Operator$/, runs: dbt('build') },
  { operator: /^DbtRunOperation\w*Operator$/, runs: dbt('run-operation') },
  { operator: /^DbtRun\w*Operator$/, runs: dbt('run') },
  { operator: /^DbtTest\w*Operator$/, runs: dbt('test') },
  { operator: /^DbtSeed\w*Operator$/, runs: dbt('seed') },
  { operator: /^DbtSnapshot\w*Operator$/, runs: dbt('snapshot') },
  {
    operator:
      /(SQL|Sql|Query|Postgres|MySql|Snowflake|Redshift|Trino|Presto|Hive|Sqlite|Oracle|MsSql|Athena)\w*Operator$/,
    runs: (given) => [
      {
        kind: 'sql',
        ref: word(given, 'conn_id', 'postgres_conn_id', 'snowflake_conn_id', 'mysql_conn_id', 'gcp_conn_id'),
        detail: words(argument(given, null, 'sql', 'query', 'hql'))
          .join(';\n')
          .slice(0, longestDetail),
      },
    ],
  },
  { operator: /Python\w*Operator$|^PythonSensor$|^@task$|^@task\.(?!bash)\w+$/, runs: pythonRuns },
];

/** What a task of this operator runs; empty for operators that run nothing of the project. */
export function runsOfOperator(call: OperatorCall): TaskRun[] {
  if (call.definition !== null) return decoratedRuns(call);
  for (const name of call.names) {
    const found = byOperator.find(({ operator }) => operator.test(name));
    if (found !== undefined) return found.runs(call.given);
  }
  return [];
}

/** `@task.bash` runs the text that its function gives, which only a run can tell. */
function decoratedRuns({ names, definition }: OperatorCall): TaskRun[] {
  if (names[0] === '@task.bash') return [{ kind: 'bash', ref: '', detail: '' }];
  return [
    {
      kind: 'python',
      ref: definition === null ? '' : pythonName(definition),
      detail: definition === null ? '' : `${definition.scope.file}:${definition.node.line}`,
    },
  ];
}

/** `module.function`, as Airflow's own reading names it. */
function pythonName(callable: FunctionValue): string {
  const file = callable.scope.file.slice(callable.scope.file.lastIndexOf('/') + 1);
  return `${file.replace(/\.py$/, '')}.${callable.name}`;
}

function pythonRuns(given: Arguments): TaskRun[] {
  const callable = given.named.get('python_callable');
  if (callable?.is === 'function')
    return [{ kind: 'python', ref: pythonName(callable), detail: `${callable.scope.file}:${callable.node.line}` }];
  return [{ kind: 'python', ref: callable?.is === 'name' ? callable.path : '', detail: '' }];
}

function waitRuns(given: Arguments): TaskRun[] {
  const task = word(given, 'external_task_id');
  return [{ kind: 'dag', ref: word(given, 'external_dag_id') || '*', detail: task === '' ? 'wait' : `wait:${task}` }];
}
