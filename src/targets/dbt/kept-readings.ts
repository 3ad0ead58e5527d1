import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { bridgeEnvIdentity } from '../../base/bridge/connection.ts';
import type { DbtParseParams } from '../../base/bridge/shapes.ts';
import { bytesAsText, fileDigests, filesBelow } from '../../base/cache/file-digests.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import type { Runtime } from '../../base/python/runtime.ts';
import { runtimeIdentity } from '../../base/python/runtime-identity.ts';
import { digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { isChanging } from './changing-macros.ts';

/** All that decides what dbt says of a project. `key` is null when it could say something else the next time. */
export type DbtState = { key: string | null; isStillSo(): boolean };

/** The folder as dbt sees it: what Git ignores and fetched packages too, without what dbt itself writes. */
export function dbtState(runtime: Runtime, params: DbtParseParams): DbtState {
  const digests = fileDigests();
  const folder = params.projectDir;
  const paths = filesBelow(folder, isMade);
  const files = paths.map((path) => [path.slice(folder.length), digests.of(path)]);
  const texts = paths.filter((path) => /\.(?:sql|ya?ml|py|jinja2?)$/.test(path));
  const isOfPackage = (path: string) => /^\/dbt_(?:packages|modules)\//.test(path.slice(folder.length));
  const read = (wanted: boolean) =>
    texts.filter((path) => isOfPackage(path) === wanted).map((path) => bytesAsText(path) ?? '');
  const changes = leadsOut(folder, paths) || isChanging(read(false), read(true));
  const facts = [ownDigest(), runtimeIdentity(runtime), bridgeEnvIdentity(), params, files];
  return {
    key: changes ? null : digestOf(canonicalJson(facts)),
    isStillSo: () => digests.areUnchanged(paths) && isDeepStrictEqual(paths, filesBelow(folder, isMade)),
  };
}

/** What dbt itself writes, and no part of a project. */
export function isMade(name: string, beside: ReadonlySet<string>): boolean {
  const isDbts = (name === 'target' || name === 'logs') && beside.has('dbt_project.yml');
  return isDbts || name === '.git' || name === '__pycache__' || name === 'node_modules' || name === '.venv';
}

/** A project that names folders above it is decided by more than it holds. */
export function leadsOut(folder: string, paths: readonly string[]): boolean {
  const settings = ['dbt_project.yml', 'packages.yml', 'dependencies.yml'].map((name) => join(folder, name));
  return settings.some((path) => paths.includes(path) && /\.\.\/|["']\.\.["']/.test(bytesAsText(path) ?? ''));
}
