import { canonicalJson, type Json } from '../../model/json.ts';
import type { RuleName } from '../rules.ts';
import type { Draft, Interner, Keywords, Node } from './document.ts';
import { drafts } from './document.ts';
import { knownFormats } from './formats.ts';
import { type Demand, type Formula, type Kind, keyOf, kinds, numeric } from './formula.ts';
import { flagsOf } from './patterns/pattern-flags.ts';
import { splitPattern } from './patterns/split-pattern.ts';
import { unevaluatedDemands } from './unevaluated.ts';

type PropertyDemands = Map<string, Map<number, Demand>>;

const known = new WeakMap<Node, readonly Demand[]>();
const shared = new WeakMap<Interner, PropertyDemands>();

/** All that a schema demands of a value: it accepts what fulfils every one. Worked out once a node. */
export function demandsOf(node: Node): readonly Demand[] {
  const before = known.get(node);
  if (before !== undefined) return before;
  const demands = new DemandReader(node).read();
  known.set(node, demands);
  return demands;
}

class DemandReader {
  private readonly node: Node;
  private readonly keywords: Keywords;
  private readonly demands: Demand[] = [];
  private readonly properties: PropertyDemands;

  constructor(node: Node) {
    this.node = node;
    this.keywords = typeof node.json === 'boolean' ? {} : node.json;
    const { interner } = node.document;
    this.properties = shared.get(interner) ?? new Map();
    shared.set(interner, this.properties);
  }

  read(): readonly Demand[] {
    if (this.node.json === false) this.add('json-schema-forbidden', { k: 'kind', mask: 0 });
    if (this.readReferences()) return this.demands;
    this.readAny();
    this.readNumbers();
    this.readStrings();
    this.readArrays();
    this.readObjects();
    this.readDependencies();
    this.readCombined();
    for (const [rule, formula] of unevaluatedDemands(this.node, this.since('2019-09'))) this.add(rule, formula);
    return this.demands;
  }

  /** What every value fulfils is no demand. */
  private add(rule: RuleName, formula: Formula): void {
    if ('inner' in formula && formula.k !== 'contains' && formula.inner.every(acceptsAll)) return;
    this.demands.push({ rule, formula, key: keyOf(formula) });
  }

  private since(draft: Draft): boolean {
    return drafts.indexOf(this.node.document.draft) >= drafts.indexOf(draft);
  }

  private schema(json: unknown): Node {
    return this.node.document.nodeOf(json, this.node.base);
  }

  private accepted(json: unknown): Formula[] {
    return [{ k: 'accepted', node: this.schema(json) }];
  }

  private schemas(keyword: string): Node[] {
    const value = this.keywords[keyword];
    if (value !== undefined && !Array.isArray(value) && keyword !== 'items')
      throw this.odd(keyword, 'is no list of schemas');
    return Array.isArray(value) ? value.map((json) => this.schema(json)) : [];
  }

  private count(keyword: string): number | null {
    const value = this.keywords[keyword];
    if (value === undefined) return null;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.odd(keyword, 'is no number that validators can hold');
  }

  private odd(keyword: string, why: string): Error {
    return this.node.document.invalidIn(this.node, keyword, `\`${keyword}\` ${why}.`);
  }

  private texts(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  private entries(keyword: string): [string, unknown][] {
    const value = this.keywords[keyword];
    if (value === undefined) return [];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.odd(keyword, 'is no object');
    return Object.entries(value);
  }

  /** True when the reference stands for the whole schema, as it does up to draft 07. */
  private readReferences(): boolean {
    const { $ref } = this.keywords;
    const { document, base } = this.node;
    const target = document.dynamicTarget(this.node);
    if (typeof $ref === 'string')
      this.add('json-schema-forbidden', { k: 'accepted', node: document.resolve($ref, base) });
    if (target === 'unknown')
      this.add('json-schema-forbidden', {
        k: 'opaque',
        about: String(this.node.id),
        keyword: '$dynamicRef',
        holds: true,
      });
    else if (target !== null) this.add('json-schema-forbidden', { k: 'accepted', node: target });
    return typeof $ref === 'string' && !this.since('2019-09');
  }

  private readAny(): void {
    const { type, enum: values } = this.keywords;
    const types = typeof type === 'string' ? [type] : this.texts(type);
    const odd = types.find((one) => bitsOf(one) === 0);
    if (odd !== undefined || (type !== undefined && types.length === 0))
      throw this.odd('type', `names no type that there is (${JSON.stringify(odd ?? type)})`);
    if (types.length > 0) this.add('json-schema-type-narrowed', { k: 'kind', mask: maskOf(types) });
    if (Array.isArray(values)) this.add('json-schema-enum-value-removed', { k: 'values', values });
    if (this.since('06') && this.keywords.const !== undefined)
      this.add('json-schema-enum-value-removed', { k: 'values', values: [this.keywords.const as Json] });
  }

  private readNumbers(): void {
    for (const [k, exclusiveWord] of [
      ['minimum', 'exclusiveMinimum'],
      ['maximum', 'exclusiveMaximum'],
    ] as const) {
      const [bound, exclusive] = [this.count(k), this.keywords[exclusiveWord]];
      if (bound !== null) this.add('json-schema-range-narrowed', { k, bound, exclusive: exclusive === true });
      const own = typeof exclusive === 'boolean' ? null : this.count(exclusiveWord);
      if (own !== null) this.add('json-schema-range-narrowed', { k, bound: own, exclusive: true });
    }
    const of = this.count('multipleOf');
    if (of !== null && of <= 0) throw this.odd('multipleOf', 'is not above zero');
    if (of !== null) this.add('json-schema-multiple-of-changed', { k: 'multiple', of });
  }

  private readStrings(): void {
    this.bounds('minLength', 'maxLength', 'json-schema-length-narrowed');
    const { pattern, format } = this.keywords;
    if (typeof pattern === 'string' && flagsOf(pattern) === null)
      this.add('json-schema-pattern-changed', { k: 'opaque', about: pattern, keyword: 'pattern', holds: true });
    else if (typeof pattern === 'string')
      for (const part of splitPattern(pattern))
        this.add('json-schema-pattern-changed', { k: part.wanted ? 'pattern' : 'notPattern', pattern: part.pattern });
    if (typeof format === 'string' && knownFormats.has(format))
      this.add('json-schema-format-changed', { k: 'format', format });
  }

  private bounds(
    least: 'minLength' | 'minItems' | 'minProperties',
    most: 'maxLength' | 'maxItems' | 'maxProperties',
    rule: RuleName,
  ): void {
    const [low, high] = [this.count(least), this.count(most)];
    if (low !== null && low > 0) this.add(rule, { k: least, count: Math.ceil(low) });
    if (high !== null) this.add(rule, { k: most, count: Math.floor(high) });
  }

  private readArrays(): void {
    this.bounds('minItems', 'maxItems', 'json-schema-array-length-narrowed');
    if (this.keywords.uniqueItems === true) this.add('json-schema-unique-items-added', { k: 'unique' });
    const { items, additionalItems, contains } = this.keywords;
    const [firsts, rest] = this.since('2020-12')
      ? [this.schemas('prefixItems'), items]
      : [this.schemas('items'), Array.isArray(items) ? additionalItems : items];
    for (const [index, node] of firsts.entries())
      this.add('json-schema-items-changed', { k: 'item', index, inner: [{ k: 'accepted', node }] });
    if (rest !== undefined && !Array.isArray(rest))
      this.add('json-schema-items-changed', { k: 'rest', from: firsts.length, inner: this.accepted(rest) });
    if (contains === undefined || !this.since('06')) return;
    const later = this.since('2019-09');
    const least = later ? (this.count('minContains') ?? 1) : 1;
    const most = later ? (this.count('maxContains') ?? Infinity) : Infinity;
    this.add('json-schema-contains-changed', { k: 'contains', inner: this.accepted(contains), least, most });
  }

  private readObjects(): void {
    this.bounds('minProperties', 'maxProperties', 'json-schema-property-count-narrowed');
    for (const name of this.texts(this.keywords.required))
      this.add('json-schema-required-added', { k: 'required', name });
    for (const [name, json] of this.entries('properties')) this.readProperty(name, this.schema(json));
    const odd = this.entries('patternProperties').some(([pattern]) => flagsOf(pattern) === null);
    if (odd) {
      const about = canonicalJson([
        this.keywords.properties ?? {},
        this.keywords.patternProperties,
        this.keywords.additionalProperties ?? true,
      ] as Json);
      this.add('json-schema-property-narrowed', { k: 'opaque', about, keyword: 'patternProperties', holds: true });
    }
    for (const [pattern, json] of this.entries('patternProperties'))
      if (flagsOf(pattern) !== null)
        this.add('json-schema-property-narrowed', { k: 'patternProperty', pattern, inner: this.accepted(json) });
    const { additionalProperties, propertyNames } = this.keywords;
    if (additionalProperties !== undefined && !odd) {
      const names = this.entries('properties').map(([name]) => name);
      const patterns = this.entries('patternProperties').map(([pattern]) => pattern);
      const inner = this.accepted(additionalProperties);
      this.add('json-schema-content-closed', {
        k: 'additional',
        names: names.sort(),
        patterns: patterns.sort(),
        inner,
      });
    }
    if (propertyNames !== undefined && this.since('06'))
      this.add('json-schema-property-names-narrowed', { k: 'names', inner: this.accepted(propertyNames) });
  }

  /** Schemas of one number make the same demand, whatever document they stand in. */
  private readProperty(name: string, node: Node): void {
    const inner: Formula = { k: 'accepted', node };
    if (acceptsAll(inner)) return;
    const ofName = this.properties.get(name) ?? new Map<number, Demand>();
    const before = ofName.get(node.id);
    if (before !== undefined) {
      this.demands.push(before);
      return;
    }
    this.add('json-schema-property-narrowed', { k: 'property', name, inner: [inner] });
    const made = this.demands.at(-1);
    if (made !== undefined) this.properties.set(name, ofName.set(node.id, made));
  }

  private readDependencies(): void {
    const words = ['dependencies', ...(this.since('2019-09') ? ['dependentRequired', 'dependentSchemas'] : [])];
    for (const [name, value] of words.flatMap((word) => this.entries(word))) {
      const then: Formula[] = Array.isArray(value)
        ? this.texts(value).map((needed) => ({ k: 'required', name: needed }))
        : this.accepted(value);
      const none: Formula[][] = [[{ k: 'kind', mask: 127 & ~kinds.object }], [{ k: 'absent', name }]];
      if (then.length > 0) this.add('json-schema-dependency-added', { k: 'some', of: [...none, then] });
    }
  }

  private readCombined(): void {
    for (const node of this.schemas('allOf')) this.add('json-schema-forbidden', { k: 'accepted', node });
    const any = this.schemas('anyOf');
    const accepts = (node: Node): Formula[] => [{ k: 'accepted', node }];
    if (any.length > 0) this.add('json-schema-alternatives-narrowed', { k: 'some', of: any.map(accepts) });
    const one = this.schemas('oneOf');
    if (one.length > 0) this.add('json-schema-alternatives-narrowed', { k: 'exactlyOne', nodes: one });
    const { not, if: condition, then, else: otherwise } = this.keywords;
    if (not !== undefined) this.add('json-schema-not-extended', { k: 'rejected', node: this.schema(not) });
    if (condition === undefined || !this.since('07') || (then === undefined && otherwise === undefined)) return;
    const node = this.schema(condition);
    const of: Formula[][] = [
      [{ k: 'accepted', node }, ...this.accepted(then ?? true)],
      [{ k: 'rejected', node }, ...this.accepted(otherwise ?? true)],
    ];
    this.add('json-schema-condition-changed', { k: 'some', of });
  }
}

function acceptsAll(formula: Formula): boolean {
  if (formula.k !== 'accepted') return false;
  const { json } = formula.node;
  return json === true || (typeof json === 'object' && Object.keys(json).length === 0);
}

function maskOf(types: readonly string[]): number {
  return types.reduce((mask, type) => mask | bitsOf(type), 0);
}

function bitsOf(type: string): number {
  if (type === 'number') return numeric;
  return isKind(type) ? kinds[type] : 0;
}

function isKind(type: string): type is Kind {
  return type in kinds && type !== 'fraction';
}
