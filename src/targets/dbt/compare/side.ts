import { isDeepStrictEqual } from 'node:util';
import type { SqlDialect } from '../../../base/sql/sql-dialect.ts';
import { readYaml } from '../../../base/yaml/yaml-document.ts';
import { fillTemplates } from '../../../model/fill-templates.ts';
import type { Json } from '../../../model/json.ts';
import { isInside } from '../../../model/path-schema.ts';
import type { PartRevision } from '../../contract.ts';
import { DbtPart } from '../config.ts';
import { inputFolders } from '../input-folders.ts';
import type { JinjaValue } from '../jinja/expression.ts';
import { inMarks, isNamedInJinja } from '../jinja/names-in-jinja.ts';
import { type Collected, collect } from '../static/collect.ts';
import { type DbtProject, inside, jinjaOf, listOf, objectOf, readDbtProject } from '../static/dbt-project.ts';
import { versionsOf } from '../static/versions.ts';
import { isOfDbt, standsInForDbt } from './built-in-macros.ts';
import { dialectsOf } from './dialects-of.ts';
import { closureDigest, closureText } from './macro-closure.ts';
import { type MacroTexts, macroTexts } from './macro-texts.ts';
import type { RenderWorld } from './render.ts';
import { codeOf, codeText, digest } from './template-text.ts';

/** One revision of a dbt project, read for comparing. */
export type Side = {
  revision: PartRevision;
  settings: DbtPart;
  project: DbtProject;
  found: Collected;
  dialects: readonly SqlDialect[];
  texts: MacroTexts;
  /** Variables that differ by environment are not known in it; `variablesIn` has them by the environment's name. */
  world: RenderWorld;
  variablesIn: ReadonlyMap<string, ReadonlyMap<string, JinjaValue>>;
  /** What `dbt_project.yml` says. */
  said: { [key: string]: unknown };
  /** The settings of dbt_project.yml that hold Jinja, which may call macros; empty when none does. */
  jinjaInSettings: string;
  /** Digests of what decides every model, by what it is. */
  everywhere: { [what: string]: string };
};

/** Read once for a revision, however many ask. */
const sides = new WeakMap<PartRevision, Side>();

export function readSide(revision: PartRevision): Side {
  const side = sides.get(revision) ?? readNow(revision);
  sides.set(revision, side);
  return side;
}

function readNow(revision: PartRevision): Side {
  const settings = DbtPart.parse(revision.part.settings);
  const { files } = revision;
  const { project } = readDbtProject(files, settings.path, revision.part.name);
  const said = objectOf(readYaml(files.text(project.file) ?? '').value);
  const dialects = dialectsOf(files, project, said.profile);
  const texts = macroTexts(files, project, dialects);
  const found = collect(files, project);
  const packages = packagesOf(revision, project, said);
  const outside = JSON.stringify([settings.vars ?? {}, settings.env ?? {}, valuesOf(revision, settings)]);
  const variables = variablesOf(files.text(project.file) ?? '', project, settings);
  const world = worldOf({ files, project, texts, variables, packages, outside, found });
  const variablesIn = new Map(
    revision.environments.map(({ name, values }) => [
      name,
      variablesOf(files.text(project.file) ?? '', project, { ...settings, vars: filled(settings.vars ?? {}, values) }),
    ]),
  );
  const trees = JSON.stringify(project.trees);
  const jinjaInSettings = /\{[{%]/.test(trees) ? trees : '';
  const side = { revision, settings, project, found, dialects, texts, world, variablesIn, said, jinjaInSettings };
  return { ...side, everywhere: everywhereOf(side, { packages, variables: variablesText(variables), outside }) };
}

/** Variables of the project, overlaid by those of the part. One that differs by environment is not known here. */
function variablesOf(text: string, project: DbtProject, settings: DbtPart): Map<string, JinjaValue> {
  const isOdd = oddValue.test(variablesSection(text));
  const own = [...project.variables].map(([name, value]): [string, JinjaValue] => [
    name,
    (isOdd && (typeof value !== 'string' || oddText.test(value))) || (typeof value === 'string' && value.includes('{{'))
      ? { is: 'unknown' }
      : value,
  ]);
  const given = Object.entries(settings.vars ?? {}).map(([name, value]): [string, JinjaValue] => [
    name,
    JSON.stringify(value).includes('${') ? { is: 'unknown' } : jinjaOf(value),
  ]);
  return new Map([...own, ...given]);
}

/** Values that YAML as dbt reads it takes for others than YAML as it is read here: 1.0 is not 1, and `no` is false. */
const oddValue =
  /(?<=[:[,-]\s+|\[)(?:\d+\.0*|yes|no|on|off|[-+]?0[0-7_]+|[\d_]*\d_[\d_]*|\d+(?::\d\d)+|0[xb][\da-f]+|\d{4}-\d\d?-\d\d?)(?=\s*(?:$|[#,\]}]))/im;

/** What such a value may be read as here. */
const oddText = /^(?:yes|no|on|off|[-+\d:_.xa-f]+)$/i;

/** The lines of dbt_project.yml that hold its variables. */
function variablesSection(text: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^["']?vars["']?\s*:/.test(line));
  const length = lines.slice(start + 1).findIndex((line) => /^[^\s#-]/.test(line));
  return start === -1 ? text : lines.slice(start, length === -1 ? undefined : start + 1 + length).join('\n');
}

/** What is written where a value cannot be told from others by what was read. */
function asWritten(text: string, variables: ReadonlyMap<string, JinjaValue>): string {
  const isUnknown = (value: JinjaValue) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) && value.is === 'unknown';
  return [...variables.values()].some(isUnknown) ? variablesSection(text) : '';
}

/** Variables with the values of an environment; those that hold a secret stay as written, and so are not known. */
function filled(vars: { [name: string]: Json }, values: { [name: string]: Json }): { [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [
      name,
      JSON.stringify(value).includes('${secrets.') ? value : fillTemplates(value, values),
    ]),
  );
}

export function variablesText(variables: ReadonlyMap<string, JinjaValue>): string {
  return JSON.stringify([...variables], (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

/** The values of the environments that the part's settings name. */
function valuesOf({ environments, part }: PartRevision, settings: DbtPart): unknown {
  const named = new Set(
    [...JSON.stringify(part.settings).matchAll(/\$\{\s*values\.([\w.-]+)\s*\}/g)].map((found) => found[1]),
  );
  return environments.map(({ name, values }) => [
    name,
    settings['profile-target'] ?? null,
    Object.entries(values).filter(([key]) => named.has(key) || [...named].some((one) => one?.startsWith(`${key}.`))),
  ]);
}

const packageFiles = ['packages.yml', 'packages.yaml', 'dependencies.yml', 'package-lock.yml'];

/** What dbt reads of a package and data come to hang on; documentation is not part of it. */
const readOfPackages = /\.(?:sql|ya?ml|py|csv)$/i;

/** `reads`: the variables that their texts name; null where they may read any. */
type Packages = { digest: string; reads: ReadonlySet<string> | null };

/** What is installed as packages, as far as the repository says. */
function packagesOf({ files, part }: PartRevision, project: DbtProject, said: Side['said']): Packages {
  const listed = packageFiles.map((name) => readYaml(files.text(inside(project.folder, name)) ?? '').value ?? null);
  const others = inputFolders({ files, part }).filter((folder) => folder !== project.folder);
  const installed = said['packages-install-path'];
  const own = ['dbt_packages', ...(typeof installed === 'string' ? [installed] : [])];
  const folders = [...own.map((folder) => inside(project.folder, folder)), ...others];
  // A package that the project lies in, such as the one that it tests, does not hold the project.
  const isOwn = (path: string) =>
    isInside(path, project.folder) && !own.some((name) => isInside(path, inside(project.folder, name)));
  const kept = files.entries
    .filter(({ path }) => readOfPackages.test(path) && !isOwn(path) && folders.some((folder) => isInside(path, folder)))
    .map(({ path }) => [path, files.text(path)]);
  const code = kept.map(([path, text]) => (path?.endsWith('.sql') ? codeOf(text ?? '') : '')).join('\n');
  return { digest: digest(JSON.stringify([listed, kept])), reads: variablesNamed(code) };
}

type WorldInput = {
  files: PartRevision['files'];
  project: DbtProject;
  texts: MacroTexts;
  variables: ReadonlyMap<string, JinjaValue>;
  packages: Packages;
  outside: string;
  found: Collected;
};

function worldOf({ files, project, texts, variables, packages, outside, found }: WorldInput): RenderWorld {
  const versions = [...versionsOf(found.entries).values()];
  const ofProject = new RegExp(`^${project.name}\\s*\\.\\s*`);
  // A package's own macros may find these by dispatch.
  const forPackages = closureDigest(
    [...texts.macros.keys()].filter((name) => shortName(name) !== '' && !texts.macros.has(shortName(name))).join(' '),
    texts,
  );
  const latest = new Map(versions.filter((one) => one.isLatest).map(({ entry, version }) => [entry.name, version]));
  return {
    texts,
    project: project.name,
    variables,
    ref({ positional, named }) {
      const [first, second] = positional;
      const name = second ?? first;
      const of = second === undefined ? project.name : first;
      const version =
        named.get('v') ?? named.get('version') ?? (of === project.name ? latest.get(String(name)) : undefined);
      if (typeof name !== 'string' || typeof of !== 'string' || (version !== undefined && typeof version === 'object'))
        return null;
      const parts = ['ref', of, name, ...(version === undefined ? [] : [`v${String(version)}`])];
      return tableWord(of === project.name ? parts : [...parts, packages.digest]);
    },
    source({ positional: [source, table] }) {
      return typeof source === 'string' && typeof table === 'string' ? tableWord(['source', source, table]) : null;
    },
    surroundings(code) {
      const text = closureText(inMarks(codeText(code)), texts);
      const said = codeOf(text);
      const calls = [...said.matchAll(/([A-Za-z_]\w*(?: ?\. ?[A-Za-z_]\w*)*|[\])]) ?\(/g)].map((found) =>
        (found[1] ?? '').replace(ofProject, ''),
      );
      const usesOthers = calls.some((call) => !isOfDbt(call) && !texts.macros.has(call));
      const named = variablesNamed(text);
      const given = [...variables].filter(
        ([name, value]) => named === null || named.has(name) || (usesOthers && isForPackages(name, value, packages)),
      );
      const isOutside = /\b(?:var|env_var|target)\b/.test(said);
      return [
        isOutside ? outside : '',
        variablesText(new Map(given)),
        asWritten(files.text(project.file) ?? '', new Map(given)),
        usesOthers ? `${packages.digest} ${forPackages}` : '',
        isNamedInJinja(text, 'graph') ? wholeText(files, project) : '',
      ].join(' ');
    },
  };
}

/** The variables that a text reads by their names; null where it may read any. */
function variablesNamed(text: string): ReadonlySet<string> | null {
  const calls = [...text.matchAll(/\bvar\b(?:\s*\(\s*(?:"(\w+)"|'(\w+)')\s*[,)])?/g)];
  const names = calls.map((found) => found[1] ?? found[2]);
  return names.includes(undefined) ? null : new Set(names.flatMap((name) => name ?? []));
}

/** A variable that a package reads as far as its text is here, or that is written for one. */
function isForPackages(name: string, value: JinjaValue, { reads }: Packages): boolean {
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value) && value.is === 'map';
  return isMap || name.includes(':') || reads === null || reads.has(name);
}

/** What `graph` shows of a project is all of it. */
function wholeText(files: PartRevision['files'], project: DbtProject): string {
  const own = files.entries.filter(({ path }) => isInside(path, project.folder) && readOfPackages.test(path));
  return digest(JSON.stringify(own.map(({ path }) => [path, files.text(path)])));
}

/** The name that stands for a relation in rendered SQL. */
export function tableWord(parts: readonly string[]): string {
  return parts.join('__').replaceAll(/\W/g, '_').toLowerCase();
}

/** Settings of dbt_project.yml that are told elsewhere, or that change no model. */
const toldElsewhere = new Set(
  `name version config-version vars models seeds snapshots sources tests data_tests exposures metrics semantic-models saved-queries
   query-comment require-dbt-version clean-targets docs-paths asset-paths analysis-paths log-path target-path
   packages-install-path model-paths source-paths seed-paths data-paths snapshot-paths macro-paths test-paths
   on-run-start on-run-end`
    .trim()
    .split(/\s+/),
);

/** Flags that change what dbt says, not what it builds. */
const quietFlags =
  /^(?:send_anonymous_usage_stats|use_colors(?:_file)?|printer_width|print|no_print|quiet|debug|version_check|partial_parse(?:_file_diff)?|static_parser|use_experimental_parser|log_\w+|write_json|fail_fast|cache_selected_only|populate_cache|warn_error(?:_options)?|indirect_selection|show_all_deprecations|use_fast_test_edges|skip_nodes_if_on_run_start_fails)$/;

function loudFlags(flags: unknown): unknown {
  const loud = Object.entries(objectOf(flags)).filter(([name]) => !quietFlags.test(name.toLowerCase()));
  return loud.length === 0 ? null : Object.fromEntries(loud);
}

type Outer = { packages: Packages; variables: string; outside: string };

function everywhereOf(side: Omit<Side, 'everywhere'>, { packages }: Outer): Side['everywhere'] {
  const { said, texts, project, revision, settings } = side;
  const own = Object.fromEntries(
    Object.entries(said)
      .filter(([key]) => !toldElsewhere.has(key))
      .map(([key, value]): [string, unknown] => [key, key === 'flags' ? loudFlags(value) : value])
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [`\`${key}\` of dbt_project.yml`, JSON.stringify(value)]),
  );
  const adapters = !side.dialects.every((dialect) => dialect === 'postgres' || dialect === 'duckdb');
  const overrides = [...texts.macros.keys()].filter(
    (name) => standsInForDbt(name, adapters) && !texts.macros.has(shortName(name)),
  );
  const hooks = JSON.stringify([said['on-run-start'] ?? null, said['on-run-end'] ?? null]);
  return {
    ...own,
    "a macro that stands in for one of dbt's own": closureDigest(overrides.join(' '), texts),
    'what runs before or after every run': `${hooks} ${closureDigest(hooks, texts)}`,
    'the profile': JSON.stringify(
      readYaml(revision.files.text(inside(project.folder, 'profiles.yml')) ?? '').value ?? null,
    ),
    'the target of the profile': settings['profile-target'] ?? '',
    'the environment variables of the profile': JSON.stringify(settings.env ?? {}),
    ...(looksUpOwn(said.dispatch, project.name)
      ? { 'the packages that macros are looked up in': packages.digest }
      : {}),
  };
}

/** What dispatch looks up where this is found; nothing where the name is whole. */
function shortName(name: string): string {
  const plain = name.replace(/^[a-z]+__/, '');
  return plain === name ? '' : plain;
}

/**
 * Whether dbt's own macros, which build every model, are looked up in packages. Macros of other name spaces reach only those that call
 * them, and what packages these come from counts for each of them.
 */
function looksUpOwn(dispatch: unknown, project: string): boolean {
  return listOf(dispatch)
    .map(objectOf)
    .filter(({ macro_namespace: space }) => !/^(?!dbt$)\w+$/.test(String(space)))
    .some(({ search_order: order }) => listOf(order).some((name) => name !== project && name !== 'dbt'));
}

/** What is decided in another way for every model; null when nothing is. */
export function changedEverywhere(base: Side, head: Side): string | null {
  const all = new Set([...Object.keys(base.everywhere), ...Object.keys(head.everywhere)]);
  for (const what of all) if (!isDeepStrictEqual(base.everywhere[what], head.everywhere[what])) return what;
  return null;
}
