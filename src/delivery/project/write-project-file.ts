import { stringify } from 'yaml';
import type { JsonObject } from '../../model/json.ts';

/** A part as `headgate init` writes it, with the reason as a comment. */
export type WrittenPart = { target: string; name: string; settings: JsonObject; because: string };
export type WrittenFile = { path: string; text: string };
export type InitInput = {
  project: string;
  parts: readonly WrittenPart[];
  /** Existing environment files of the project; skeletons are written only when there are none. */
  environmentFiles: readonly string[];
  /** Words for people, by target id. */
  titles: { [target: string]: string };
};

const chain = [
  { name: 'dev', after: null, promote: 'automatic', approvals: 0 },
  { name: 'staging', after: 'dev', promote: 'automatic', approvals: 0 },
  { name: 'prod', after: 'staging', promote: 'manual', approvals: 1 },
] as const;

/** The files that `headgate init` writes: a headgate.yaml that needs no editing, and environments where there are none. */
export function writeProjectFiles(input: InitInput): WrittenFile[] {
  const names = namesUsed(input.parts);
  const file = { path: 'headgate.yaml', text: projectText(input, names) };
  if (input.environmentFiles.length > 0) return [file];
  return [
    file,
    ...chain.map((environment) => ({
      path: `environments/${environment.name}.yaml`,
      text: environmentText(environment, names),
    })),
  ];
}

type Names = { values: string[]; secrets: string[] };

/** The logical names that the settings refer to as `${values.x}` and `${secrets.x}`. */
function namesUsed(parts: readonly WrittenPart[]): Names {
  const text = JSON.stringify(parts.map((part) => part.settings));
  const used = (kind: string) =>
    [
      ...new Set(
        [...text.matchAll(new RegExp(`\\$\\{${kind}\\.([A-Za-z_]\\w*)\\}`, 'g'))].map((found) => found[1] ?? ''),
      ),
    ].sort();
  return { values: used('values'), secrets: used('secrets') };
}

function projectText(input: InitInput, names: Names): string {
  return `${[
    '# What Headgate delivers from this repository. `headgate catalog` lists what it found; docs/project-file.md explains each key.',
    'version: 1',
    `project: ${scalar(input.project)}`,
    '# owner: data-platform            # owner of everything that names none',
    'environments: environments         # one file for each environment',
    '',
    ...valueLines(names),
    ...secretLines(names),
    'parts:',
    ...partLines(input),
    '',
    '# Owners, service levels and sensitivity by key; `*` stands for any name.',
    '# assets:',
    '#   "airflow:dag/orders_*": { owner: orders, service-level: { every: 1h, within: 45m }, sensitivity: [SOX] }',
    '',
    '# Never bundled nor scanned, besides what .gitignore names.',
    'ignore: ["**/*.ipynb"]',
  ].join('\n')}\n`;
}

function valueLines({ values }: Names): string[] {
  if (values.length === 0)
    return [
      '# Values that code reads by logical name; each environment gives its own.',
      '# values:',
      '#   lake_root: { type: string, description: Root of the lake }',
      '',
    ];
  return [
    '# Values that code reads by logical name; each environment gives its own.',
    'values:',
    ...values.map((name) => `  ${name}: { type: string }`),
    '',
  ];
}

function secretLines({ secrets }: Names): string[] {
  if (secrets.length === 0)
    return ['# Logical secret names; environments say where each one is.', '# secrets: [warehouse_password]', ''];
  return [
    '# Logical secret names; environments say where each one is.',
    'secrets:',
    ...secrets.map((name) => `  - ${name}`),
    '',
  ];
}

function partLines({ parts, titles }: InitInput): string[] {
  const targets = [...new Set(parts.map((part) => part.target))];
  if (targets.length === 0) return ['  {}'];
  return targets.flatMap((target) => [
    `  ${target}:${titles[target] === undefined ? '' : `   # ${titles[target]}`}`,
    ...parts.filter((part) => part.target === target).flatMap(onePart),
  ]);
}

function onePart(part: WrittenPart): string[] {
  const lines = stringify({ name: part.name, ...part.settings }, { lineWidth: 110, flowCollectionPadding: true })
    .trimEnd()
    .split('\n');
  return [
    `    # ${part.because.replace(/[\r\n]+/g, ' ')}`,
    ...lines.map((line, index) => `    ${index === 0 ? '- ' : '  '}${line}`),
  ];
}

function environmentText(environment: (typeof chain)[number], names: Names): string {
  const { name, after, promote, approvals } = environment;
  return `${[
    `environment: ${name}`,
    ...(after === null ? [] : [`after: ${after}                 # a release must have ended well there first`]),
    `promote: ${promote}            # automatic: a release that ended well before comes here by itself`,
    `gates: { approvals: ${approvals}, separate-author: ${approvals > 0} }`,
    '',
    '# Where each target is; without it nothing is delivered here.',
    'targets: {}',
    `#  airflow: { provider: folder, dags: /srv/airflow/${name}/dags, url: "http://127.0.0.1:8080", username: headgate, password: "\${secrets.airflow_password}" }`,
    '',
    ...(names.values.length === 0
      ? ['values: {}']
      : ['values:', ...names.values.map((value) => `  ${value}: ""     # not known yet`)]),
    ...(names.secrets.length === 0
      ? ['secrets: {}']
      : [
          'secrets:',
          ...names.secrets.map((secret) => `  ${secret}: env:${name.toUpperCase()}_${secret.toUpperCase()}`),
        ]),
  ].join('\n')}\n`;
}

function scalar(text: string): string {
  return stringify(text).trimEnd();
}
