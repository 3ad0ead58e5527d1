import { matchesGlob } from 'node:path';
import { importClosure } from '../../base/python-source/import-closure.ts';
import type { Asset } from '../../model/asset.ts';
import type { BundleUnit } from '../../model/bundle.ts';
import { type Digest, digestOf, partKey, unitKey } from '../../model/identifiers.ts';
import { folderOf } from '../../model/join-path.ts';
import { canonicalJson } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { LayoutInput, PartLayout } from '../contract.ts';
import { AirflowPart } from './config.ts';
import type { UnitFacts } from './unit-facts.ts';

/** The file at the project's root that pins every runtime. */
const LOCK = 'headgate.lock';
/** Folders beside the DAGs folder that Airflow itself puts on sys.path. */
const BESIDE = ['plugins', 'config'];

/**
 * An Airflow part goes whole into its blob: the DAGs folder, further paths, plugins and config. Each DAG file is a unit
 * of its own, and so is each file that is copied as it is.
 */
export function layout(input: LayoutInput): PartLayout {
  const settings = AirflowPart.parse(input.part.settings);
  const dags = normalFolder(settings.dags);
  const paths = searchFolders(input, settings, dags);
  const requirements = settings.requirements === undefined ? [] : [normalFolder(settings.requirements)];
  const whole = input.files.entries
    .map((entry) => entry.path)
    .filter((path) => paths.some((folder) => isInside(path, folder)) || requirements.includes(path));
  const legacy = new Set(
    whole.filter((path) => isInside(path, dags) && (settings.legacy ?? []).some((glob) => matchesGlob(path, glob))),
  );
  const byFile = Map.groupBy(
    input.discovery.assets.filter((asset) => asset.kind === 'airflow:dag' && asset.path !== null),
    (asset) => asset.path ?? '',
  );
  const sources = [...new Set([...byFile.keys(), ...legacy])].filter(
    (path) => whole.includes(path) && isInside(path, dags),
  );
  const laidOut = { input, dags, paths, whole };
  const units = sources
    .sort()
    .map((source) => unitOf(laidOut, { source, assets: byFile.get(source) ?? [], legacy: legacy.has(source) }));
  return { paths: whole, units };
}

type LaidOut = { input: LayoutInput; dags: string; paths: string[]; whole: string[] };
type Source = { source: string; assets: Asset[]; legacy: boolean };

function unitOf(laidOut: LaidOut, { source, assets, legacy }: Source): BundleUnit {
  const { input, dags, paths } = laidOut;
  const facts: UnitFacts = {
    source,
    place: dags === '' ? source : source.slice(dags.length + 1),
    legacy,
    dagIds: assets.map((asset) => asset.name).sort(),
    paths,
    graphDigests: Object.fromEntries(assets.map((asset) => [asset.name, textFact(asset, 'graphDigest')])),
    runsUnknown: assets.some((asset) => asset.facts.runsUnknown === true),
  };
  return {
    unit: unitKey(partKey('airflow', input.part.name), facts.place),
    fingerprint: fingerprintOf(laidOut, { source, assets, legacy }),
    assets: assets.map((asset) => asset.key).sort(),
    facts,
  };
}

/**
 * Hashes all that decides what the DAG file does: itself and what it imports, at the top and inside functions, where that
 * can be told (else all Python of the part), every other file of the part (templates are read when a task runs),
 * the search path and the runtime lock. A file that is copied as it is counts alone.
 */
function fingerprintOf({ input, paths, whole }: LaidOut, { source, assets, legacy }: Source): Digest {
  const { files, fileDigest } = input;
  const digests = (of: Iterable<string>) => [...of].sort().map((path) => [path, fileDigest(path)]);
  if (legacy) return digestOf(canonicalJson({ legacy: digests([source]) }));
  const python = whole.filter((path) => path.endsWith('.py'));
  const loaded = importsOf(assets);
  const closure =
    loaded === null ? null : importClosure({ files, from: [source, ...loaded], folders: paths, among: python });
  const others = whole.filter((path) => !path.endsWith('.py'));
  const lock = files.entries.some((entry) => entry.path === LOCK) ? fileDigest(LOCK) : null;
  return digestOf(canonicalJson({ source, python: digests(closure ?? python), others: digests(others), paths, lock }));
}

/** The project files that Airflow loaded for the DAGs of a file; null when the real Airflow has not read it. */
function importsOf(assets: readonly Asset[]): string[] | null {
  const lists = assets.map((asset) => asset.facts.imports);
  if (lists.length === 0 || !lists.every((list) => Array.isArray(list))) return null;
  return lists.flat().filter((path) => typeof path === 'string');
}

function searchFolders({ files }: LayoutInput, settings: AirflowPart, dags: string): string[] {
  const above = folderOf(dags);
  const beside = BESIDE.map((name) => (above === '' ? name : `${above}/${name}`)).filter(
    (folder) => dags !== '' && files.entries.some((entry) => isInside(entry.path, folder)),
  );
  return [...new Set([dags, ...(settings.paths ?? []).map(normalFolder), ...beside])];
}

function textFact(asset: Asset, name: string): string | null {
  const value = asset.facts[name];
  return typeof value === 'string' ? value : null;
}

/** Whether going from one to the other would reshape runs under way: a DAG that is gone, or has another task graph. */
export function needsDrain(from: BundleUnit, to: BundleUnit): boolean {
  const [before, after] = [from.facts as UnitFacts, to.facts as UnitFacts];
  if (before.legacy || after.legacy) return false;
  if (before.dagIds.length === 0) return true;
  return before.dagIds.some((dagId) => {
    const [was, will] = [before.graphDigests[dagId] ?? null, after.graphDigests[dagId] ?? null];
    return was === null || was !== will;
  });
}
