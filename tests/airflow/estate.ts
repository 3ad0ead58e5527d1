import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BundleContent } from '../../src/model/bundle.ts';
import type { Environment } from '../../src/model/environment.ts';
import { assetKey, type Digest, digestOf, parseDigest, partKey } from '../../src/model/identifiers.ts';
import { canonicalJson, type Json, type JsonObject } from '../../src/model/json.ts';
import { settingsDigest, settingsOf } from '../../src/model/settings.ts';
import { layout } from '../../src/targets/airflow/layout.ts';
import type { BundleReader } from '../../src/targets/contract.ts';

/** The text of one project, with the DAGs of each file and a word for the shape of each. */
export type Project = {
  files: { [path: string]: string };
  dags: { [path: string]: { [dagId: string]: string } };
  settings?: JsonObject;
  values?: { [name: string]: Json };
  secrets?: { [name: string]: string };
};

export type Release = { bundle: Digest; content: BundleContent; files: Project['files'] };

export const PART = partKey('airflow', 'main');
export const ENVIRONMENT = 'test';

/** A release of one Airflow part, laid out by the real layout. */
export function releaseOf({ files, dags, settings = {}, values = {}, secrets = {} }: Project): Release {
  const part = { name: 'main', settings: { dags: 'airflow/dags', ...settings } };
  const assets = Object.entries(dags).flatMap(([path, shapes]) =>
    Object.entries(shapes).map(([dagId, shape]) => ({
      key: assetKey('airflow:dag', dagId),
      kind: 'airflow:dag',
      name: dagId,
      part: PART,
      path,
      line: 1,
      owner: null,
      serviceLevel: null,
      sensitivity: [],
      exactness: 'exact' as const,
      facts: { graphDigest: shape, imports: [path] },
    })),
  );
  const entries = Object.entries(files).map(([path, text]) => ({ path, size: text.length, executable: false }));
  const { paths, units } = layout({
    files: { entries, text: (path) => files[path] ?? null },
    part,
    discovery: { assets, edges: [], findings: [] },
    fileDigest: (path) => digestOf(files[path] ?? ''),
  });
  const packed = Object.fromEntries(paths.map((path) => [path, files[path] ?? '']));
  const environment: Environment = {
    name: ENVIRONMENT,
    after: null,
    promote: 'manual',
    gates: {
      approvals: 0,
      approverRoles: [],
      separateAuthor: false,
      requiredChecks: [],
      requireLockedRuntime: false,
      approvalValidSeconds: 3600,
    },
    targets: {},
    values,
    secrets,
  };
  const blob = digestOf(canonicalJson(packed));
  const content: BundleContent = {
    version: 1,
    project: 'test',
    parts: [
      {
        part: PART,
        target: 'airflow',
        name: 'main',
        blob,
        bytes: 0,
        files: paths.length,
        settings: part.settings,
        units,
      },
    ],
    environments: [environment],
    assets,
    edges: [],
    lock: null,
  };
  return { bundle: digestOf(canonicalJson(content)), content, files: packed };
}

/** Reads the releases that it was given, as a bundle store would. */
export function readerOf(releases: Release[]): BundleReader {
  const find = (bundle: Digest) => {
    const found = releases.find((release) => release.bundle === bundle);
    if (found === undefined) throw new Error(`no release ${bundle}`);
    return found;
  };
  return {
    content: async (bundle) => find(bundle).content,
    async part(bundle, name) {
      const part = find(bundle).content.parts.find((candidate) => candidate.part === name);
      if (part === undefined) throw new Error(`no part ${name}`);
      return part;
    },
    async unpack(blob, folder) {
      const release = releases.find(({ content }) => content.parts[0]?.blob === blob);
      for (const [path, text] of Object.entries(release?.files ?? {})) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
  };
}

/** The pointer that makes a unit of a release live. */
export function pointerOf(release: Release, place: string) {
  const part = release.content.parts[0];
  const unit = part?.units.find((candidate) => candidate.unit.endsWith(`#${place}`));
  if (part === undefined || unit === undefined) throw new Error(`no ${place}`);
  return {
    unit: unit.unit,
    facts: unit,
    pointer: { bundle: release.bundle, part: part.blob, fingerprint: unit.fingerprint },
  };
}

export function settingsOfRelease(release: Release): Digest {
  const settings = settingsOf(release.content, ENVIRONMENT, PART);
  const digest = settings === null ? null : parseDigest(settingsDigest(settings));
  if (digest === null) throw new Error('no settings');
  return digest;
}
