import type { BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import { lineOfWord } from './check-dags.ts';
import { dagFinding } from './check-integrity.ts';
import type { AirflowPart } from './config.ts';

/** What a DAG file asks Airflow for, by name. */
export type Asked = { path: string; variables: string[]; connections: string[]; pools: string[] };

/** `valueNames` are those that headgate.yaml declares. `text` gives a file's text, for the line of a name. */
export type EnvironmentInput = {
  asked: readonly Asked[];
  part: AirflowPart;
  valueNames: readonly string[];
  text(path: string): string | null;
};

/** What the real Airflow saw each file ask for. */
export function askedIn(files: readonly BridgeDagFile[]): Asked[] {
  return files.map(({ path, dags, variables, connections }) => {
    const tasks = dags.flatMap((dag) => dag.tasks);
    return {
      path,
      variables: unique(variables),
      connections: unique([...connections, ...tasks.flatMap((task) => task.connections)]),
      pools: unique(tasks.map(({ pool }) => pool)),
    };
  });
}

const IN_TEXT = {
  variables: [/\bVariable\.get\(\s*["']([\w.-]+)["']/g, /\{\{[^}]*\bvar\.(?:value|json)\.([A-Za-z_]\w*)/g],
  connections: [
    /\b\w*_?conn_id\s*=\s*["']([\w.-]+)["']/g,
    /\bget_connection\(\s*["']([\w.-]+)["']/g,
    /\{\{[^}]*\bconn\.([A-Za-z_]\w*)/g,
  ],
  pools: [/\bpool\s*=\s*["']([^"']+)["']/g],
};

/** The same from a file's text alone, where Airflow is not set up: names made by code are not seen. */
export function askedInText(path: string, text: string): Asked {
  const names = (patterns: RegExp[]) =>
    unique(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')));
  return {
    path,
    variables: names(IN_TEXT.variables),
    connections: names(IN_TEXT.connections),
    pools: names(IN_TEXT.pools),
  };
}

/** Variables, connections and pools that code asks for and no environment of this part will have. */
export function judgeEnvironment({ asked, part, valueNames, text }: EnvironmentInput): Finding[] {
  const { variables = 'all', connections = {}, pools = {} } = part;
  const given = new Set(variables === 'all' ? valueNames : variables);
  const lists = variables !== 'all' || asked.some((file) => file.variables.some((name) => given.has(name)));
  return asked.flatMap((file) => [
    ...file.variables
      .filter((name) => !given.has(name))
      .map((name) => missingVariable(file.path, name, { valueNames, text, lists })),
    ...file.connections
      .filter((name) => !Object.hasOwn(connections, name) && !isBuiltIn(name))
      .map((name) =>
        missingOne({
          kind: 'connection',
          list: 'connections',
          name,
          path: file.path,
          text,
          severity: ownSeverity(part.connections !== undefined, name),
        }),
      ),
    ...file.pools
      .filter((name) => name !== 'default_pool' && !Object.hasOwn(pools, name))
      .map((name) =>
        missingOne({
          kind: 'pool',
          list: 'pools',
          name,
          path: file.path,
          text,
          severity: ownSeverity(part.pools !== undefined, name),
        }),
      ),
  ]);
}

/**
 * A part that lists its connections (or pools) is meant to list all; one that lists none may have them from elsewhere.
 * What ends in `_default` is what an operator takes where the code names none, and often works without.
 */
function ownSeverity(lists: boolean, name: string): Severity {
  if (name.endsWith('_default')) return 'note';
  return lists ? 'error' : 'warning';
}

/** What Airflow has by itself. */
function isBuiltIn(connection: string): boolean {
  return connection === 'airflow_db' || connection === 'fs_default' || connection === '';
}

type Missing = Pick<EnvironmentInput, 'valueNames' | 'text'> & { lists: boolean };

/** Values that no DAG asks for may be for dbt or Terraform alone, and Airflow's Variables come from elsewhere. */
function missingVariable(path: string, name: string, at: Missing): Finding {
  const declared = at.valueNames.includes(name);
  return dagFinding({
    check: 'dag-environment',
    path,
    line: lineOfWord(at.text(path), name),
    severity: at.lists ? 'error' : 'warning',
    message: `The Variable "${name}" is read here, but no environment will have it: ${declared ? 'the part does not list it under `variables:`' : 'headgate.yaml declares no such value'}.`,
    hint: declared
      ? `Add ${name} to \`variables:\` of the part.`
      : `Declare ${name} under \`values:\` and give it a value in each environment.`,
  });
}

function missingOne(at: {
  kind: string;
  list: string;
  name: string;
  path: string;
  severity: Severity;
  text: EnvironmentInput['text'];
}): Finding {
  return dagFinding({
    check: 'dag-environment',
    path: at.path,
    line: lineOfWord(at.text(at.path), at.name),
    severity: at.severity,
    message: `The ${at.kind} "${at.name}" is used here, but the part does not give one to any environment.`,
    hint: `Add ${at.name} under \`${at.list}:\` of the part in headgate.yaml.`,
  });
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
