import type { BundleContent } from '../../model/bundle.ts';
import { canonicalJson } from '../../model/json.ts';
import type { RegisteredEnvironment } from './delivery-store.ts';

/**
 * Where the bundle's own copy of an environment differs from the registered one, in sentences. The registered one counts;
 * a difference is shown and never used.
 */
export function environmentDifferences(registered: RegisteredEnvironment, content: BundleContent): string[] {
  const bundled = content.environments.find(({ name }) => name === registered.name);
  if (bundled === undefined) return [`the bundle has no values for ${registered.name}`];
  const fields = [
    ...fieldsOf(
      '',
      { after: registered.after, promote: registered.promote },
      { after: bundled.after, promote: bundled.promote },
    ),
    ...fieldsOf('gates.', registered.gates, bundled.gates),
    ...fieldsOf('targets.', registered.targets, bundled.targets),
    ...fieldsOf('secrets.', registered.secrets, bundled.secrets),
  ];
  return fields.map(
    ({ name, here, there }) => `${name} is registered as ${here}; the bundle says ${there}. The registered one counts`,
  );
}

function fieldsOf(prefix: string, registered: object, bundled: object) {
  const [here, there] = [
    new Map<string, unknown>(Object.entries(registered)),
    new Map<string, unknown>(Object.entries(bundled)),
  ];
  return [...new Set([...here.keys(), ...there.keys()])]
    .sort()
    .map((name) => ({ name: `${prefix}${name}`, here: shown(here.get(name)), there: shown(there.get(name)) }))
    .filter((field) => field.here !== field.there);
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : canonicalJson(value);
}
