export type SchemaText = { name: string; text: string };

/** What an Avro text defines and mentions, by the last part of each name; null for what is no JSON. */
type Names = { defined: Set<string>; mentioned: Set<string> };

/**
 * For each of many Avro schemas the others that reading it can need: those that define a name that it mentions or defines itself, and
 * what these need in turn. To read every other for each of many would take the square of their number.
 */
export function neededSchemas<Source extends SchemaText>(all: readonly Source[]): (source: Source) => Source[] {
  const names = new Map(all.map((source) => [source, namesIn(source.text)]));
  const definers = new Map<string, Source[]>();
  for (const [source, found] of names)
    for (const name of found?.defined ?? []) definers.set(name, [...(definers.get(name) ?? []), source]);
  return (source) => {
    const needed = new Set<Source>();
    const pending = [source];
    for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
      for (const name of names.get(one)?.mentioned ?? []) {
        for (const other of definers.get(name) ?? []) {
          if (other === source || needed.has(other)) continue;
          needed.add(other);
          pending.push(other);
        }
      }
    }
    return all.filter((one) => needed.has(one));
  };
}

function namesIn(text: string): Names | null {
  const names: Names = { defined: new Set(), mentioned: new Set() };
  try {
    collect(JSON.parse(text), names);
  } catch {
    return null;
  }
  return names;
}

function collect(value: unknown, names: Names): void {
  if (typeof value === 'string') names.mentioned.add(lastOf(value));
  else if (Array.isArray(value)) for (const one of value) collect(one, names);
  else if (value !== null && typeof value === 'object') {
    if ('type' in value && 'name' in value && typeof value.name === 'string' && isNamed(value.type))
      names.defined.add(lastOf(value.name));
    for (const one of Object.values(value)) collect(one, names);
  }
}

function isNamed(type: unknown): boolean {
  return type === 'record' || type === 'error' || type === 'enum' || type === 'fixed';
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
