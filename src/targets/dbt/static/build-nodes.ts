import type { AssetKey } from '../../../model/identifiers.ts';
import { isInside } from '../../../model/path-schema.ts';
import type { JinjaValue } from '../jinja/expression.ts';
import type { Scan } from '../jinja/scan.ts';
import { renderScalar } from '../jinja/scan.ts';
import { type DbtNode, dbtKey } from '../node-assets.ts';
import type { Code, Collected } from './collect.ts';
import { joinLayers, type NodeConfig, propertiesLayer, treeLayers } from './config-tree.ts';
import { type DbtProject, listOf, objectOf } from './dbt-project.ts';
import { genericTests } from './generic-tests.ts';
import type { Entry } from './properties.ts';
import { type Version, versionsOf } from './versions.ts';

/**
 * A resource before its references are resolved: its own Jinja, further texts that may refer, keys that it surely reads,
 * and the names under which `ref()` finds it.
 */
export type Draft = { node: DbtNode; scan: Scan | null; texts: string[]; targets: AssetKey[]; refNames: string[] };

export function buildNodes(project: DbtProject, found: Collected): Draft[] {
  const make = new Maker(project, found.entries);
  const models = found.models.flatMap((code) => make.model(code));
  const drafts = [
    ...models,
    ...found.seeds.flatMap((code) => make.resource('seed', 'seeds', code)),
    ...found.snapshots.flatMap((code) => make.resource('snapshot', 'snapshots', code)),
    ...make.yamlSnapshots(),
    ...make.sources(),
    ...found.tests.flatMap((code) => make.resource('test', 'data_tests', code)),
    ...found.macros.map(({ block, file }) =>
      make.macro(block.kind === 'macro' ? block.name : `test_${block.name}`, file, block.line),
    ),
    ...make.exposures(),
  ];
  return [...drafts, ...make.tests(drafts)];
}

/** In dbt_project.yml itself, `var()` sees what dbt is given when it starts, and none of the variables of that file. */
const noVariables = new Map<string, JinjaValue>();

class Maker {
  readonly #project: DbtProject;
  readonly #entries: readonly Entry[];
  readonly #byName: Map<string, Entry>;
  readonly #versions: Map<string, Version>;

  constructor(project: DbtProject, entries: readonly Entry[]) {
    this.#project = project;
    this.#entries = entries;
    this.#versions = versionsOf(entries);
    this.#byName = new Map(entries.map((entry) => [`${entry.section}/${entry.name}`, entry]));
  }

  model(code: Code): Draft[] {
    const versioned = this.#versions.get(code.name);
    if (versioned === undefined) return this.resource('model', 'models', code);
    const { entry, version, isLatest } = versioned;
    const name = `${entry.name}.v${version}`;
    const [draft] = this.resource('model', 'models', { ...code, name: entry.name });
    if (draft === undefined) return [];
    const node = { ...draft.node, id: `${this.#project.name}.${name}`, more: { ...draft.node.more, version } };
    return [{ ...draft, node, refNames: isLatest ? [name, entry.name] : [name] }];
  }

  resource(resource: 'model' | 'seed' | 'snapshot' | 'test', section: string, code: Code): Draft[] {
    const entry = this.#byName.get(`${section}/${code.name}`);
    const config = this.#config(section, code.steps, code.name, entry, code.scan.config);
    if (config.enabled === false) return [];
    const node = this.#node(resource, code.name, config, {
      path: code.file,
      line: code.line,
      steps: code.steps,
      columns: columnsOf(entry),
      more: { language: code.python ? 'python' : 'sql', ...(config.enabled === null ? { enabled: null } : {}) },
    });
    return [{ node, scan: code.scan, texts: [], targets: [], refNames: resource === 'test' ? [] : [code.name] }];
  }

  yamlSnapshots(): Draft[] {
    return this.#entries
      .filter((entry) => entry.section === 'snapshots' && typeof entry.said.relation === 'string')
      .flatMap((entry) => {
        const steps = this.#stepsTo(entry.file);
        const config = this.#config('snapshots', steps, entry.name, entry, new Map());
        if (config.enabled === false) return [];
        const node = this.#node('snapshot', entry.name, config, {
          path: entry.file,
          line: entry.line,
          steps,
          columns: columnsOf(entry),
          more: {},
        });
        return [{ node, scan: null, texts: [String(entry.said.relation)], targets: [], refNames: [entry.name] }];
      });
  }

  sources(): Draft[] {
    return this.#entries
      .filter((entry) => entry.section === 'sources')
      .flatMap((entry) =>
        listOf(entry.said.tables).flatMap((item, index) => {
          const table = objectOf(item);
          return typeof table.name === 'string' ? this.#source(entry, table, { name: table.name, index }) : [];
        }),
      );
  }

  #source(entry: Entry, table: { [key: string]: unknown }, at: { name: string; index: number }): Draft[] {
    const variables = this.#project.variables;
    const layers = [
      ...treeLayers(
        this.#project.trees.sources,
        [this.#project.name, ...this.#stepsTo(entry.file), entry.name, at.name],
        noVariables,
      ),
      propertiesLayer(entry.said, variables),
      propertiesLayer(table, variables),
    ];
    const config = joinLayers(layers);
    if (config.enabled === false) return [];
    const schema = renderScalar(entry.said.schema ?? entry.name, variables);
    const identifier = renderScalar(table.identifier ?? at.name, variables);
    const node = this.#node('source', at.name, config, {
      path: entry.file,
      line: entry.lineOf([...entry.at, 'tables', at.index]),
      steps: [...this.#stepsTo(entry.file), entry.name],
      columns: columnsIn(table),
      more: { source: entry.name },
    });
    return [
      {
        node: {
          ...node,
          id: `${this.#project.name}.${entry.name}.${at.name}`,
          schema: typeof schema === 'string' ? schema : null,
          alias: typeof identifier === 'string' ? identifier : null,
        },
        scan: null,
        texts: [],
        targets: [],
        refNames: [],
      },
    ];
  }

  /** The folders from the resource folder down to a file. */
  #stepsTo(file: string): string[] {
    const folder = Object.values(this.#project.folders)
      .flat()
      .find((one) => isInside(file, one));
    return folder === undefined
      ? []
      : file
          .slice(folder === '' ? 0 : folder.length + 1)
          .split('/')
          .slice(0, -1);
  }

  exposures(): Draft[] {
    return this.#entries
      .filter((entry) => entry.section === 'exposures')
      .map((entry) => {
        const owner = objectOf(entry.said.owner);
        const config = joinLayers([propertiesLayer(entry.said, this.#project.variables)]);
        const named = [owner.name, owner.email].find((one): one is string => typeof one === 'string');
        const node = this.#node(
          'exposure',
          entry.name,
          { ...config, owner: named ?? config.owner },
          { path: entry.file, line: entry.line, steps: [], columns: {}, more: { type: String(entry.said.type ?? '') } },
        );
        return { node, scan: null, texts: listOf(entry.said.depends_on).map(String), targets: [], refNames: [] };
      });
  }

  macro(name: string, file: string, line: number): Draft {
    const node = this.#node('macro', name, joinLayers([]), { path: file, line, steps: [], columns: {}, more: {} });
    return { node, scan: null, texts: [], targets: [], refNames: [] };
  }

  /** The generic tests of what is there; tests of disabled resources are none. Tests of one name are one asset. */
  tests(drafts: readonly Draft[]): Draft[] {
    const found = new Map<string, Draft>();
    for (const { node } of drafts) {
      for (const { said, entry, at } of this.#testedBy(node)) {
        const isSource = node.resource === 'source';
        const target = { name: isSource ? `${String(node.more.source)}_${node.name}` : node.name, isSource };
        for (const test of genericTests(said, target)) {
          const draft = this.#test(test, { node, entry, at });
          if (!found.has(draft.node.id)) found.set(draft.node.id, draft);
        }
      }
    }
    return [...found.values()];
  }

  #test(test: ReturnType<typeof genericTests>[number], of: { node: DbtNode; entry: Entry; at: PropertyKey[] }): Draft {
    const { node, entry, at } = of;
    const line = entry.lineOf([...at, ...test.at]);
    const made = this.#node('test', test.name, joinLayers([]), {
      path: entry.file,
      line,
      steps: [],
      columns: {},
      more: { generic: true, column: test.column },
    });
    return {
      node: { ...made, owner: node.owner },
      scan: null,
      texts: test.texts,
      targets: [dbtKey(node.resource, node.id)],
      refNames: [],
    };
  }

  #testedBy(node: DbtNode): { said: { [key: string]: unknown }; entry: Entry; at: PropertyKey[] }[] {
    if (node.resource === 'source') {
      const entries = this.#entries.filter(
        (entry) => entry.section === 'sources' && entry.name === node.more.source && entry.file === node.path,
      );
      return entries.flatMap((entry) =>
        listOf(entry.said.tables).flatMap((table, index) =>
          objectOf(table).name === node.name
            ? [{ said: objectOf(table), entry, at: [...entry.at, 'tables', index] }]
            : [],
        ),
      );
    }
    const section = { model: 'models', seed: 'seeds', snapshot: 'snapshots' }[String(node.resource)];
    const entry = section === undefined ? undefined : this.#byName.get(`${section}/${node.name}`);
    return entry === undefined ? [] : [{ said: entry.said, entry, at: entry.at }];
  }

  #config(
    section: string,
    steps: readonly string[],
    name: string,
    entry: Entry | undefined,
    own: NonNullable<Scan['config']>,
  ): NodeConfig {
    const { trees, variables } = this.#project;
    const layers = treeLayers(trees[section], [this.#project.name, ...steps, name], noVariables);
    return joinLayers([...layers, ...(entry === undefined ? [] : [propertiesLayer(entry.said, variables)]), own]);
  }

  #node(
    resource: DbtNode['resource'],
    name: string,
    config: NodeConfig,
    place: Pick<DbtNode, 'path' | 'line' | 'columns' | 'more'> & { steps: readonly string[] },
  ): DbtNode {
    const { name: packageName } = this.#project;
    const { steps, ...where } = place;
    const materialized =
      config.materialized ??
      (resource === 'model' ? 'view' : resource === 'seed' || resource === 'snapshot' ? resource : null);
    return {
      resource,
      id: `${packageName}.${name}`,
      package: packageName,
      name,
      owner: config.owner,
      tags: config.tags,
      schema: config.schema,
      alias: config.alias,
      materialized,
      fqn: [packageName, ...steps, name],
      dependsOn: [],
      ...where,
    };
  }
}

function columnsOf(entry: Entry | undefined): { [name: string]: string | null } {
  return entry === undefined ? {} : columnsIn(entry.said);
}

function columnsIn(said: { [key: string]: unknown }): { [name: string]: string | null } {
  const columns = listOf(said.columns).map(objectOf);
  return Object.fromEntries(
    columns.flatMap((column) =>
      typeof column.name === 'string'
        ? [[column.name, typeof column.data_type === 'string' ? column.data_type : null]]
        : [],
    ),
  );
}
