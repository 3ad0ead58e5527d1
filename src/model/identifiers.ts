import { createHash } from 'node:crypto';

type Brand<Base, Name extends string> = Base & { readonly __brand: Name };

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = Brand<string, 'Digest'>;
/** `<technology>:<kind>/<name>`, for example `airflow:dag/orders_daily`. Stable over releases and machines. */
export type AssetKey = Brand<string, 'AssetKey'>;
/** `<target>/<name>`: one part of a project as its headgate.yaml names it, for example `dbt/shop`. */
export type PartKey = Brand<string, 'PartKey'>;
/** The smallest thing a target can switch by itself: a part (`spark/settle`) or a piece of one (`airflow/main#orders.py`). */
export type UnitKey = Brand<string, 'UnitKey'>;

const digestPattern = /^sha256:[0-9a-f]{64}$/;
const assetKeyPattern = /^[a-z][a-z0-9-]*:([a-z][a-z0-9-]*\/)?.+$/;

/** The digest if `text` is one, else null. */
export function parseDigest(text: string): Digest | null {
  return digestPattern.test(text) ? (text as Digest) : null;
}

/** The digest of bytes, or of a text's UTF-8 bytes. */
export function digestOf(content: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(content).digest('hex')}` as Digest;
}

/** The 64 hex digits of a digest: a safe file name. */
export function hexOf(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** The first 12 hex digits: what people read. */
export function shortOf(digest: Digest): string {
  return hexOf(digest).slice(0, 12);
}

/** `assetKey('airflow:dag', 'orders_daily')`. A kind without a name space, such as `contract`, gives `contract:orders`. */
export function assetKey(kind: string, name: string): AssetKey {
  return (kind.includes(':') ? `${kind}/${name}` : `${kind}:${name}`) as AssetKey;
}

/** The asset key if `text` has the shape of one, else null. */
export function parseAssetKey(text: string): AssetKey | null {
  return assetKeyPattern.test(text) ? (text as AssetKey) : null;
}

/** `airflow:dag/x` -> `airflow:dag`; `contract:x` -> `contract`. */
export function kindOf(key: AssetKey): string {
  const slash = key.indexOf('/');
  const colon = key.indexOf(':');
  return slash > colon && /^[a-z-]+$/.test(key.slice(colon + 1, slash)) && key.slice(0, colon) !== 'contract'
    ? key.slice(0, slash)
    : key.slice(0, colon);
}

export function partKey(target: string, name: string): PartKey {
  return `${target}/${name}` as PartKey;
}

/** The unit of a whole part (`piece` null), or of one piece of it. */
export function unitKey(part: PartKey, piece: string | null): UnitKey {
  return (piece === null ? part : `${part}#${piece}`) as UnitKey;
}

/** The part that a unit belongs to. */
export function partOf(unit: UnitKey): PartKey {
  const hash = unit.indexOf('#');
  return (hash === -1 ? unit : unit.slice(0, hash)) as string as PartKey;
}

/** The target id at the head of a part or unit key. */
export function targetOf(key: PartKey | UnitKey): string {
  return key.slice(0, key.indexOf('/'));
}
