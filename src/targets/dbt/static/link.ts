import type { AssetKey } from '../../../model/identifiers.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Ref, Scan, SourceRef } from '../jinja/scan.ts';
import { scanJinja } from '../jinja/scan.ts';
import { type DbtNode, dbtKey } from '../node-assets.ts';
import { buildNodes, type Draft } from './build-nodes.ts';
import type { Collected, Macro } from './collect.ts';
import type { DbtProject, ProjectProblem } from './dbt-project.ts';

export type Linked = { nodes: DbtNode[]; missing: ProjectProblem[]; unclear: ProjectProblem[] };

/** Resolves what each resource refers to into keys. References that macros of the project make count for whoever calls them. */
export function linkNodes(project: DbtProject, found: Collected): Linked {
  const drafts = buildNodes(project, found);
  const macros = new Map(found.macros.map((macro) => [macro.block.name, macro]));
  const index = indexOf(project, drafts);
  const missing: ProjectProblem[] = [];
  const unclear: ProjectProblem[] = [];
  const nodes = drafts.map(({ node, scan, texts, targets }) => {
    const scans = [
      ...(scan === null ? [] : [scan, ...calledScans(scan, macros)]),
      ...texts.map((text) => scanText(text, project)),
    ];
    const keys = new Set<AssetKey>(targets);
    for (const ref of scans.flatMap((one) => one.refs)) {
      const key = index.ref(ref);
      if (key === null && scan?.refs.includes(ref) === true && !project.hasPackages && ref.package === null)
        missing.push(noSuch(node, ref));
      if (key !== null) keys.add(key);
    }
    for (const source of scans.flatMap((one) => one.sources)) {
      const key = index.source(source);
      if (key === null && scan?.sources.includes(source) === true && !project.hasPackages)
        missing.push(noSuch(node, source));
      if (key !== null) keys.add(key);
    }
    for (const key of mayMean(scans, index)) keys.add(key);
    for (const line of new Set(scan?.unclear))
      unclear.push({ file: node.path ?? '', line, message: 'What this refers to is known only when dbt runs.' });
    keys.delete(dbtKey(node.resource, node.id));
    const unknown = scan === null ? {} : { refsUnknown: scans.some((one) => one.unclear.length > 0) };
    const calls = scan?.calls ?? (node.resource === 'macro' ? macros.get(node.name)?.block.scan.calls : undefined);
    return { ...node, more: { ...node.more, ...callFacts(calls), ...unknown }, dependsOn: [...keys].sort() };
  });
  return { nodes, missing, unclear };
}

/** What calls that cannot be told may refer to: all that bears a name which stands in quotes beside them, or that a macro is given. */
function mayMean(scans: readonly Scan[], index: Index): AssetKey[] {
  if (scans.every((one) => one.unclear.length === 0)) return [];
  const words = new Set(scans.flatMap((one) => [...one.words]));
  const refs = [...words].flatMap((name) => index.ref({ package: null, name, version: null, line: 0 }) ?? []);
  return [...refs, ...index.sourcesNamed(words)];
}

/** The macros that a text calls and the variables that it reads. */
function callFacts(calls: ReadonlySet<string> | undefined): JsonObject {
  if (calls === undefined) return {};
  const names = [...calls].sort();
  const variables = names.filter((name) => name.startsWith('var ')).map((name) => name.slice('var '.length));
  const macros = names.filter((name) => !name.startsWith('var '));
  return { macros, ...(variables.length === 0 ? {} : { variables }) };
}

function scanText(text: string, project: DbtProject): Scan {
  return scanJinja(
    text.includes('{{') ? text : /\b(ref|source)\s*\(/.test(text) ? `{{ ${text} }}` : '',
    project.variables,
  );
}

/** The macros of the project that a text calls, directly or through others. */
export function calledScans(scan: Scan, macros: ReadonlyMap<string, Macro>): Scan[] {
  const seen = new Set<string>();
  const todo = [...scan.calls];
  const scans: Scan[] = [];
  for (let call = todo.pop(); call !== undefined; call = todo.pop()) {
    const name = call.slice(call.lastIndexOf('.') + 1);
    const macro = macros.get(name);
    if (macro === undefined || seen.has(name)) continue;
    seen.add(name);
    scans.push(macro.block.scan);
    todo.push(
      ...macro.block.scan.calls,
      ...(macro.block.scan.calls.has('adapter.dispatch') ? [`default__${name}`] : []),
    );
  }
  return scans;
}

type Index = {
  ref(ref: Ref): AssetKey | null;
  source(source: SourceRef): AssetKey | null;
  /** Of which both the source and the table are among the names. */
  sourcesNamed(names: ReadonlySet<string>): AssetKey[];
};

function indexOf(project: DbtProject, drafts: readonly Draft[]): Index {
  const refs = new Map<string, AssetKey>();
  const sources = new Map<string, AssetKey>();
  for (const { node, refNames } of drafts) {
    for (const name of refNames) if (!refs.has(name)) refs.set(name, dbtKey(node.resource, node.id));
    if (node.resource === 'source') sources.set(node.id, dbtKey('source', node.id));
  }
  return {
    ref(ref) {
      if (ref.package !== null && ref.package !== project.name) return dbtKey('model', `${ref.package}.${ref.name}`);
      return refs.get(ref.version === null ? ref.name : `${ref.name}.v${ref.version}`) ?? null;
    },
    sourcesNamed: (names) =>
      drafts.flatMap(({ node }) => {
        const isNamed = node.resource === 'source' && names.has(String(node.more.source)) && names.has(node.name);
        return isNamed ? [dbtKey('source', node.id)] : [];
      }),
    source: ({ source, table }) => sources.get(`${project.name}.${source}.${table}`) ?? null,
  };
}

function noSuch(node: DbtNode, wanted: Ref | SourceRef): ProjectProblem {
  const said = 'source' in wanted ? `source('${wanted.source}', '${wanted.table}')` : `ref('${wanted.name}')`;
  return { file: node.path ?? '', line: wanted.line, message: `\`${said}\` names nothing that this project has.` };
}
