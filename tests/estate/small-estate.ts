import type { PlanDelivery } from '../../src/delivery/plan/plan-input.ts';
import type { Edge } from '../../src/model/asset.ts';
import type { BundleContent, BundlePart, BundleUnit } from '../../src/model/bundle.ts';
import type { Environment } from '../../src/model/environment.ts';
import {
  type AssetKey,
  assetKey,
  type Digest,
  digestOf,
  partKey,
  type UnitKey,
  unitKey,
} from '../../src/model/identifiers.ts';
import { canonicalJson, type Json } from '../../src/model/json.ts';

/** One unit: `code` changes its fingerprint, `graph` its shape (so it must be drained), `runs` names units that it runs. */
export type UnitSpec = { code: string; graph?: string; runs?: string[]; runsUnknown?: boolean };

/** An estate by unit name: `spark/settle`, `dbt/shop`, `airflow/main#orders.py`; and the values of its environment. */
export type EstateSpec = { units: { [unit: string]: UnitSpec }; values?: { [name: string]: Json } };

export type SmallEstate = { bundle: Digest; content: BundleContent };

/** The environment that every small estate has. */
export const prod = 'prod';

/** A bundle in small: equal specifications give equal digests. */
export function smallEstate({ units, values = {} }: EstateSpec): SmallEstate {
  const content: BundleContent = {
    version: 1,
    project: 'payments',
    parts: partsOf(units),
    environments: [environmentWith(values)],
    assets: [],
    edges: Object.entries(units).flatMap(([unit, { runs = [] }]) => runs.map((ran) => runsEdge(unit, ran))),
    lock: null,
  };
  return { bundle: digestOf(canonicalJson(content)), content };
}

/** The asset that a unit of a small estate holds. */
export function assetIn(unit: string): AssetKey {
  const target = unit.slice(0, unit.indexOf('/'));
  return assetKey(`${target}:thing`, unit.slice(unit.indexOf('/') + 1));
}

/** Three targets as the real ones are: Spark jobs below a dbt project below DAGs, which may need a drain. */
export const smallDeliveries: { [target: string]: PlanDelivery } = {
  spark: delivery('compute', ['switch', 'verify'], true),
  dbt: delivery('transform', ['switch', 'build', 'verify'], true),
  airflow: delivery('orchestrate', ['drain', 'switch', 'verify'], false),
};

function delivery(
  layer: PlanDelivery['layer'],
  switchSteps: PlanDelivery['switchSteps'],
  settingsInPointer: boolean,
): PlanDelivery {
  return {
    layer,
    switchSteps,
    settingsInPointer,
    needsDrain: (from, to) => from.facts.graph !== to.facts.graph,
    irreversible: () => [],
  };
}

function partsOf(units: EstateSpec['units']): BundlePart[] {
  const byPart = new Map<string, BundleUnit[]>();
  for (const [key, spec] of Object.entries(units)) {
    const part = key.split('#')[0] ?? key;
    byPart.set(part, [...(byPart.get(part) ?? []), unitOf(key, spec)]);
  }
  return [...byPart].map(([part, own]) => {
    const [target = '', name = ''] = part.split('/');
    const blob = digestOf(canonicalJson(own.map(({ unit, fingerprint }) => [unit, fingerprint])));
    return { part: partKey(target, name), target, name, blob, bytes: 1, files: 1, settings: {}, units: own };
  });
}

function unitOf(key: string, { code, graph = 'g', runsUnknown = false }: UnitSpec): BundleUnit {
  const [part = '', piece = null] = key.split('#');
  const [target = '', name = ''] = part.split('/');
  const unit: UnitKey = unitKey(partKey(target, name), piece);
  return { unit, fingerprint: digestOf(`${code} ${graph}`), assets: [assetIn(key)], facts: { graph, runsUnknown } };
}

function runsEdge(from: string, to: string): Edge {
  return { from: assetIn(from), to: assetIn(to), kind: 'runs' };
}

function environmentWith(values: { [name: string]: Json }): Environment {
  return {
    name: prod,
    after: null,
    promote: 'manual',
    gates: {
      approvals: 1,
      approverRoles: ['approver'],
      separateAuthor: true,
      requiredChecks: [],
      requireLockedRuntime: false,
      approvalValidSeconds: 86_400,
    },
    targets: { spark: {}, dbt: {}, airflow: {} },
    values,
    secrets: {},
  };
}
