import { fail } from '../../base/errors.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { lineOfPlace, readJson } from '../read-json.ts';
import type { SchemaSource } from '../verdict.ts';
import { canonicalSchema, holdsReference } from './canonical-schema.ts';
import { metaSchema } from './meta-schema.ts';

export const drafts = ['04', '06', '07', '2019-09', '2020-12'] as const;
export type Draft = (typeof drafts)[number];
export type Keywords = { readonly [keyword: string]: unknown };

/**
 * A subschema where it stands. Nodes with the same `id` accept the same values: texts that differ in annotations and order only
 * are one, and so are equal texts of two documents unless they refer to something.
 */
export type Node = {
  id: number;
  json: boolean | Keywords;
  document: SchemaDocument;
  base: string;
};

/** Gives equal meanings equal numbers, over all documents of one comparison. */
export class Interner {
  private readonly byText = new Map<string, Map<string, number>>();
  private readonly byMeaning = new Map<string, number>();

  numberOfText(text: string): number {
    const number = this.byMeaning.get(text) ?? this.byMeaning.size;
    this.byMeaning.set(text, number);
    return number;
  }

  /** `scope` is what references in it depend on; null where there are none. Equal texts are looked up first: that is quick. */
  numberOf(json: boolean | Keywords, draft: Draft, scope: string | null): number {
    const around = scope ?? draft;
    const text = JSON.stringify(json);
    const texts = this.byText.get(around) ?? new Map<string, number>();
    const known = texts.get(text);
    if (known !== undefined) return known;
    const meaning = canonicalSchema(json, false);
    const trivial = meaning === 'true' || meaning === 'false';
    const number = this.numberOfText(trivial ? meaning : `${around}\n${meaning}`);
    this.byText.set(around, texts.set(text, number));
    return number;
  }
}

type Place = { json: unknown; base: string };

/** Keywords that hold values, not schemas. */
const values = new Set(['enum', 'const', 'default', 'examples']);

/** One JSON Schema text with all that it may refer to. */
export class SchemaDocument {
  readonly draft: Draft;
  readonly json: boolean | Keywords;
  readonly source: SchemaSource;
  readonly interner: Interner;
  private readonly nodes = new Map<unknown, Node>();
  private readonly places = new Map<string, Place>();
  private readonly bases = new Map<unknown, string>();
  private readonly referenced: unknown[] = [];
  /** Schemas with a `$dynamicAnchor` by its name, those with a `$recursiveAnchor` by none. */
  private readonly dynamic = new Map<string, Place[]>();
  private meaning: string | null = null;
  /** Whether a reference may stand in it. */
  readonly mayRefer: boolean;

  constructor(source: SchemaSource, shared: readonly SchemaSource[], interner: Interner) {
    this.source = source;
    this.interner = interner;
    const references = [...shared, ...(source.references ?? [])];
    const json = readJson(source, 'JSON Schema');
    if (!isSchema(json)) throw this.invalid([], 'a schema is an object, true or false.');
    this.json = json;
    this.draft = draftOf(json, source.text);
    this.mayRefer = references.length > 0 || mayRefer.test(source.text);
    // Names and bases matter to references only.
    if (this.mayRefer) this.register(json, '');
    for (const reference of references) {
      const other = readJson(reference, 'JSON Schema');
      this.register(other, reference.name);
      this.referenced.push(reference.name, other);
    }
  }

  /** The whole schema. Its number goes by the text: working out its meaning would cost more than it saves. */
  root(): Node {
    if (typeof this.json === 'boolean') return this.nodeOf(this.json, '');
    const id = this.interner.numberOfText(this.mayRefer ? this.scope() : this.source.text);
    const node: Node = { id, json: this.json, document: this, base: this.bases.get(this.json) ?? '' };
    this.nodes.set(this.json, node);
    return node;
  }

  /** The node of a subschema; `base` is that of the schema around it. */
  nodeOf(json: unknown, base: string): Node {
    if (!isSchema(json)) throw this.invalid([], `${JSON.stringify(json).slice(0, 40)} stands where a schema belongs.`);
    if (!this.mayRefer) return { id: this.interner.numberOf(json, this.draft, null), json, document: this, base };
    const known = typeof json === 'boolean' ? undefined : this.nodes.get(json);
    if (known !== undefined) return known;
    const scope = this.mayRefer && holdsReference(json) ? `${this.scope()} ${this.bases.get(json) ?? base}` : null;
    const id = this.interner.numberOf(json, this.draft, scope);
    const node: Node = { id, json, document: this, base: this.bases.get(json) ?? base };
    if (typeof json !== 'boolean') this.nodes.set(json, node);
    return node;
  }

  /** All that the meaning of a reference can depend on, as the number of its text. */
  private scope(): string {
    if (this.meaning === null) {
      const text = canonicalJson([this.draft, canonicalSchema(this.json, true), this.referenced as Json[]]);
      this.meaning = `in ${this.interner.numberOfText(text)}`;
    }
    return this.meaning;
  }

  /** What a reference in a node with this base leads to. Throws `schema-reference-missing`. */
  resolve(reference: string, base: string): Node {
    const { file, fragment } = splitReference(resolveUri(reference, base));
    const exact = this.places.get(fragment === '' ? file : `${file}#${fragment}`);
    if (exact !== undefined) return this.nodeOf(exact.json, exact.base);
    const whole = this.places.get(file) ?? this.byEnding(file) ?? metaSchema(file);
    const found = whole === undefined ? undefined : pointed(whole.json, fragment);
    if (whole === undefined || found === undefined)
      throw fail('schema-reference-missing', { file: this.source.name, format: 'JSON Schema', reference });
    return this.nodeOf(found, this.nearestBase(whole, fragment));
  }

  /** Names the line of a keyword of a node, where the node is in the text itself. */
  invalidIn(node: Node, keyword: string, why: string): Error {
    const place = placeOf(this.json, node.json);
    return this.invalid(place === null ? [] : [...place, keyword], why);
  }

  /**
   * What `$dynamicRef` or `$recursiveRef` of a node leads to, null without one. All values are held against the root first, so its
   * own anchor is the outermost one; where it has none and several others have one, it depends on the way that led here.
   */
  dynamicTarget(node: Node): Node | null | 'unknown' {
    const { $dynamicRef, $recursiveRef } = typeof node.json === 'boolean' ? {} : node.json;
    const reference = this.draft === '2020-12' ? $dynamicRef : this.draft === '2019-09' ? $recursiveRef : undefined;
    if (typeof reference !== 'string') return null;
    const first = this.resolve(reference, node.base);
    const keywords = typeof first.json === 'boolean' ? {} : first.json;
    const anchor = $dynamicRef === reference ? reference.slice(reference.indexOf('#') + 1) : '';
    const isDynamic = anchor === '' ? keywords.$recursiveAnchor === true : keywords.$dynamicAnchor === anchor;
    if (!isDynamic || (anchor === '' && reference === $dynamicRef)) return first;
    const places = this.dynamic.get(anchor) ?? [];
    const rootBase = this.bases.get(this.json) ?? '';
    const ofRoot = places.find(({ base }) => base === rootBase);
    if (ofRoot !== undefined) return this.nodeOf(ofRoot.json, ofRoot.base);
    return places.length > 1 ? 'unknown' : first;
  }

  /** Whether a dynamic reference may lead to different places. */
  get isDynamic(): boolean {
    return [...this.dynamic.values()].some((places) => places.length > 1);
  }

  invalid(place: readonly PropertyKey[], why: string): Error {
    const line = lineOfPlace(this.source.text, place);
    return fail('schema-invalid', { file: this.source.name, format: 'JSON Schema', line, why });
  }

  /** A file that is named by its path may be referred to by the end of it; what has a scheme is named in full. */
  private byEnding(file: string): Place | undefined {
    const ending = file.split('/').at(-1) ?? '';
    if (ending === '') return undefined;
    for (const [name, place] of this.places) {
      const isPath = !hasScheme(file) || !hasScheme(name);
      if (isPath && name.split('/').at(-1) === ending) return place;
    }
    return undefined;
  }

  private nearestBase(whole: { json: unknown; base: string }, fragment: string): string {
    const steps = fragment.split('/').slice(1);
    let base = whole.base;
    for (let length = 1; length <= steps.length; length += 1) {
      const at = pointed(whole.json, ['', ...steps.slice(0, length)].join('/'));
      base = this.bases.get(at) ?? base;
    }
    return base;
  }

  private register(json: unknown, base: string): void {
    if (this.places.get(base) === undefined) this.places.set(base, { json, base });
    this.walk(json, base);
  }

  private walk(json: unknown, around: string): void {
    if (typeof json !== 'object' || json === null || this.bases.has(json)) return;
    const base = this.named(json, around);
    if (!Array.isArray(json)) this.bases.set(json, base);
    for (const [keyword, inner] of Object.entries(json)) if (!values.has(keyword)) this.walk(inner, base);
  }

  /** Registers what a schema is called, and gives the base for what lies in it. */
  private named(json: object, around: string): string {
    const { $id, id, $ref, $anchor, $dynamicAnchor, $recursiveAnchor } = json as Keywords;
    const named = typeof $id === 'string' ? $id : typeof id === 'string' && this.draftIs4(json) ? id : null;
    // Up to draft 07 a `$ref` is all that counts.
    const own = typeof $ref === 'string' && this.isOld() ? null : named;
    const base = own === null || own.startsWith('#') ? around : splitReference(resolveUri(own, around)).file;
    if (own !== null) this.places.set(own.startsWith('#') ? `${around}${own}` : base, { json, base });
    for (const anchor of [$anchor, $dynamicAnchor]) {
      if (typeof anchor === 'string') this.places.set(`${base}#${anchor}`, { json, base });
    }
    if (typeof $dynamicAnchor === 'string') this.addDynamic($dynamicAnchor, { json, base });
    if ($recursiveAnchor === true) this.addDynamic('', { json, base });
    return base;
  }

  private addDynamic(anchor: string, place: Place): void {
    this.dynamic.set(anchor, [...(this.dynamic.get(anchor) ?? []), place]);
  }

  private isOld(): boolean {
    return this.draft !== '2019-09' && this.draft !== '2020-12';
  }

  private draftIs4(json: object): boolean {
    return this.draft === '04' || String((json as Keywords).$schema).includes('draft-04');
  }
}

export function isSchema(json: unknown): json is boolean | Keywords {
  return typeof json === 'boolean' || (typeof json === 'object' && json !== null && !Array.isArray(json));
}

/** Whether a text may hold a reference. */
const mayRefer = /[rR]ef"|\\u/;

/** Keywords that tell about the draft. */
const telling = /"(?:exclusiveM|prefixI|\$dynamicR|unevaluated|dependent|minContains|\$recursiveR)/;

/** By `$schema`; without one 07, unless a keyword is used that only later drafts have. */
function draftOf(json: boolean | Keywords, text: string): Draft {
  if (typeof json === 'boolean') return '2020-12';
  const declared = String(json.$schema ?? '');
  const found = drafts.find((draft) => declared.includes(draft.length === 2 ? `draft-${draft}` : draft));
  if (found !== undefined) return found;
  if (!telling.test(text)) return '07';
  if (/"exclusiveM(in|ax)imum"\s*:\s*(true|false)\b/.test(text)) return '04';
  if (/"(prefixItems|\$dynamicRef)"\s*:/.test(text)) return '2020-12';
  return /"(unevaluated(Items|Properties)|dependent(Required|Schemas)|minContains|\$recursiveRef)"\s*:/.test(text)
    ? '2019-09'
    : '07';
}

function splitReference(uri: string): { file: string; fragment: string } {
  const hash = uri.indexOf('#');
  if (hash < 0) return { file: uri, fragment: '' };
  return { file: uri.slice(0, hash), fragment: decoded(uri.slice(hash + 1)) };
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function resolveUri(reference: string, base: string): string {
  if (reference.startsWith('#')) return base + reference;
  if (hasScheme(reference)) return reference;
  try {
    return new URL(reference, base).href;
  } catch {
    const folder = base.includes('/') ? base.slice(0, base.lastIndexOf('/') + 1) : '';
    return folder + reference.replace(/^\.\//, '');
  }
}

/** The way to an object inside another; null where it is not in there. */
function placeOf(json: unknown, wanted: unknown): PropertyKey[] | null {
  if (json === wanted) return [];
  if (typeof json !== 'object' || json === null) return null;
  for (const [key, inner] of Object.entries(json)) {
    const found = placeOf(inner, wanted);
    if (found !== null) return [Array.isArray(json) ? Number(key) : key, ...found];
  }
  return null;
}

function hasScheme(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(uri);
}

function pointed(json: unknown, pointer: string): unknown {
  if (pointer === '') return json;
  if (!pointer.startsWith('/')) return undefined;
  let at = json;
  for (const step of pointer.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Keywords)[name];
  }
  return at;
}
