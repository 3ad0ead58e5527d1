import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Chance } from './random.ts';

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const symbols = ['A', 'B', 'C', 'D'];

/** A writer's schema and one that came from it by a few changes. */
export function avroPair(chance: Chance): { reader: string; writer: string } {
  const writer = new AvroMaker(chance).record(2);
  const reader = new AvroChanger(chance).changed(writer);
  return chance.often(0.5)
    ? { reader: text(reader), writer: text(writer) }
    : { reader: text(writer), writer: text(reader) };
}

function text(schema: Json): string {
  return JSON.stringify(schema);
}

class AvroMaker {
  private readonly chance: Chance;
  private count = 0;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  record(depth: number): JsonObject {
    const name = this.name('R');
    const fields = Array.from({ length: 1 + this.chance.below(4) }, (_, index) => this.field(`f${index}`, depth, name));
    return { type: 'record', name, ...(this.chance.often(0.3) ? { namespace: 'shop' } : {}), fields };
  }

  private field(name: string, depth: number, around: string): JsonObject {
    if (this.chance.often(0.08)) return { name, type: ['null', around], default: null };
    const type = this.type(depth);
    const fallback = defaultOf(type);
    return { name, type, ...(fallback !== undefined && this.chance.often(0.4) ? { default: fallback } : {}) };
  }

  type(depth: number): Json {
    const kind = this.chance.below(depth > 0 ? 12 : 8);
    if (kind < 5) return this.chance.pick(primitives);
    if (kind === 5) return this.enum();
    if (kind === 6) return { type: 'fixed', name: this.name('X'), size: 1 + this.chance.below(3) };
    if (kind === 7)
      return {
        type: 'bytes',
        logicalType: 'decimal',
        precision: 4 + this.chance.below(3),
        scale: 1 + this.chance.below(2),
      };
    if (kind === 8) return { type: 'array', items: this.type(depth - 1) };
    if (kind === 9) return { type: 'map', values: this.type(depth - 1) };
    return kind === 10 ? this.union(depth) : this.record(depth - 1);
  }

  private enum(): JsonObject {
    const own = symbols.slice(0, 1 + this.chance.below(4));
    return {
      type: 'enum',
      name: this.name('E'),
      symbols: own,
      ...(this.chance.often(0.3) ? { default: own[0] ?? 'A' } : {}),
    };
  }

  private union(depth: number): Json[] {
    const branches: Json[] = [this.chance.pick(primitives)];
    for (let more = this.chance.below(3); more > 0; more -= 1) {
      const other = this.type(depth - 1);
      if (!Array.isArray(other) && !branches.some((branch) => labelOf(branch) === labelOf(other))) branches.push(other);
    }
    return branches;
  }

  private name(prefix: string): string {
    this.count += 1;
    return `${prefix}${this.count}`;
  }
}

function labelOf(type: Json): string {
  if (typeof type === 'string') return type;
  if (Array.isArray(type) || type === null || typeof type !== 'object') return 'union';
  return typeof type.name === 'string' ? type.name : String(type.type);
}

function defaultOf(type: Json): Json | undefined {
  const known: { [label: string]: Json } = {
    null: null,
    boolean: true,
    int: 1,
    long: 2,
    float: 1.5,
    double: 2.5,
    string: 'x',
    bytes: 'y',
    array: [],
    map: {},
  };
  if (Array.isArray(type)) return defaultOf(type[0] ?? 'null');
  if (typeof type === 'object' && type !== null) {
    if (type.type === 'enum') return Array.isArray(type.symbols) ? type.symbols[0] : undefined;
    return known[String(type.type)];
  }
  return known[String(type)];
}

/** Goes through a schema and changes something here and there. */
class AvroChanger {
  private readonly chance: Chance;
  private count = 100;

  constructor(chance: Chance) {
    this.chance = chance;
  }

  changed(type: Json): Json {
    if (typeof type === 'string') return this.changedName(type);
    if (Array.isArray(type)) return this.changedUnion(type);
    if (type === null || typeof type !== 'object') return type;
    if (this.chance.often(0.05)) return ['null', type];
    if (type.type === 'record') return this.changedRecord(type);
    if (type.type === 'enum') return this.changedEnum(type);
    if (type.type === 'fixed')
      return this.renamed(this.chance.often(0.15) ? { ...type, size: Number(type.size) + 1 } : type);
    if (type.type === 'array') return { ...type, items: this.changed(type.items ?? 'null') };
    if (type.type === 'map') return { ...type, values: this.changed(type.values ?? 'null') };
    if (type.logicalType !== 'decimal' || !this.chance.often(0.3)) return type;
    return { ...type, [this.chance.pick(['precision', 'scale'])]: 3 };
  }

  private changedName(name: string): Json {
    if (!primitives.includes(name)) return name;
    if (this.chance.often(0.12)) return this.chance.pick(primitives);
    return this.chance.often(0.1) && name !== 'null'
      ? this.chance.pick([
          ['null', name],
          [name, 'null'],
        ])
      : name;
  }

  private changedUnion(type: readonly Json[]): Json {
    let branches: Json[] = [];
    for (const branch of type) {
      const other = this.changed(branch);
      const kept = Array.isArray(other) ? branch : other;
      if (!branches.some((own) => labelOf(own) === labelOf(kept))) branches.push(kept);
    }
    if (this.chance.often(0.15)) branches = branches.toReversed();
    if (this.chance.often(0.15) && branches.length > 1) branches = branches.slice(1);
    if (this.chance.often(0.15) && !branches.includes('string')) branches.push('string');
    return branches.length === 1 && this.chance.often(0.3) ? (branches[0] ?? 'null') : branches;
  }

  private changedEnum(type: JsonObject): Json {
    const own = Array.isArray(type.symbols) ? type.symbols : [];
    const { default: _, ...rest } = type;
    if (this.chance.often(0.2)) return this.renamed({ ...type, symbols: [...own, 'Z'] });
    if (this.chance.often(0.2) && own.length > 1) return this.renamed({ ...rest, symbols: own.slice(0, -1) });
    return this.renamed(this.chance.often(0.2) ? { ...type, default: own[0] ?? 'A' } : type);
  }

  private renamed(type: JsonObject): JsonObject {
    if (!this.chance.often(0.07)) return type;
    this.count += 1;
    const space = typeof type.namespace === 'string' ? `${type.namespace}.` : '';
    const aliases = this.chance.often(0.6) ? { aliases: [`${space}${String(type.name)}`] } : {};
    return { ...type, name: `N${this.count}`, ...aliases };
  }

  private changedRecord(type: JsonObject): Json {
    const fields = (Array.isArray(type.fields) ? type.fields : []).flatMap((field) => this.changedField(field));
    if (this.chance.often(0.15))
      fields.push({ name: 'added', type: 'int', ...(this.chance.often(0.6) ? { default: 7 } : {}) });
    // A record that names itself cannot be renamed without renaming that too.
    const own = JSON.stringify(type.fields).includes(`"${String(type.name)}"`);
    return own ? { ...type, fields } : this.renamed({ ...type, fields });
  }

  private changedField(field: Json): Json[] {
    if (field === null || typeof field !== 'object' || Array.isArray(field)) return [];
    if (this.chance.often(0.07)) return [];
    const type = this.changed(field.type ?? 'null');
    const fallback = JSON.stringify(type) === JSON.stringify(field.type) ? field.default : undefined;
    const { default: _, ...rest } = field;
    const kept = { ...rest, type, ...(fallback === undefined ? {} : { default: fallback }) };
    if (!this.chance.often(0.06)) return [kept];
    return [
      {
        ...kept,
        name: `${String(field.name)}_new`,
        ...(this.chance.often(0.6) ? { aliases: [field.name ?? ''] } : {}),
      },
    ];
  }
}
