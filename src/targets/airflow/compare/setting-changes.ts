import type { Environment } from '../../../model/environment.ts';
import { canonicalJson, type Json } from '../../../model/json.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { ofVariables } from '../../code-changes/file-inputs.ts';
import type { Said } from '../../code-changes/said.ts';
import type { PartRevision } from '../../contract.ts';
import { AirflowPart } from '../config.ts';

/** Something that code refers to by name, and that is not as it was. */
export type SettingChange = {
  kind: 'variable' | 'connection' | 'pool' | 'environment';
  name: string;
  there: boolean;
  because: string;
};

/** Variables, connections and pools that hold something else in an environment, or are there in one revision alone. */
export function settingChanges(base: PartRevision, head: PartRevision): SettingChange[] {
  const [was, is] = [AirflowPart.parse(base.part.settings), AirflowPart.parse(head.part.settings)];
  const names = new Set([...base.environments, ...head.environments].map(({ name }) => name));
  const environments = [...names].map((name) => ({
    name,
    before: base.environments.find((one) => one.name === name) ?? null,
    after: head.environments.find((one) => one.name === name) ?? null,
  }));
  const met = environments.filter(({ before, after }) => before !== null && after !== null);
  // Where no environment is in both revisions, what is declared is all there is to compare.
  const pairs = met.length > 0 ? met : [{ name: '', before: null, after: null }];
  return [
    ...byName(pairs, (one, { before, after }) => [variables(was, before), variables(is, after)][one] ?? {}, 'variable'),
    ...byName(
      pairs,
      (one, { before, after }) => [connections(was, before), connections(is, after)][one] ?? {},
      'connection',
    ),
    ...byName([{ name: '', before: null, after: null }], (one) => [was.pools ?? {}, is.pools ?? {}][one] ?? {}, 'pool'),
  ];
}

/** Variables in files from which they are loaded into Airflow; a file that is no object of them says nothing here. */
export function variableFileChanges(
  base: ProjectFiles,
  head: ProjectFiles,
  changed: ReadonlySet<string> | undefined,
): SettingChange[] {
  const paths = changed ?? new Set([...base.entries, ...head.entries].map(({ path }) => path));
  return [...paths]
    .filter((path) => ofVariables.test(path))
    .flatMap((path) => {
      const [was, is] = [variablesIn(base.text(path)), variablesIn(head.text(path))];
      const found = byName([{ name: path, before: null, after: null }], (one) => [was, is][one] ?? {}, 'variable');
      return found;
    });
}

function variablesIn(text: string | null): Held {
  try {
    const read: Json = JSON.parse(text ?? '{}');
    return read !== null && typeof read === 'object' && !Array.isArray(read) ? read : {};
  } catch {
    return {};
  }
}

type Pair = { name: string; before: Environment | null; after: Environment | null };
type Held = { [name: string]: Json };

function byName(
  pairs: readonly Pair[],
  held: (one: 0 | 1, pair: Pair) => Held,
  kind: SettingChange['kind'],
): SettingChange[] {
  const found = new Map<string, SettingChange>();
  for (const pair of pairs) {
    const [before, after] = [held(0, pair), held(1, pair)];
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [was, is] = [before[name], after[name]];
      if (canonicalJson(was ?? null) === canonicalJson(is ?? null) && (was === undefined) === (is === undefined))
        continue;
      const place = pair.name === '' ? '' : ` in ${pair.name}`;
      const how = was === undefined ? 'is new' : is === undefined ? 'is gone' : 'holds something else';
      found.set(
        name,
        found.get(name) ?? {
          kind,
          name,
          there: was !== undefined && is !== undefined,
          because: `the ${kind} \`${name}\` ${how}${place}`,
        },
      );
    }
  }
  return [...found.values()];
}

function variables(part: AirflowPart, environment: Environment | null): Held {
  const values = environment?.values ?? {};
  const { variables: wanted = 'all' } = part;
  if (wanted === 'all') return values;
  return Object.fromEntries(wanted.map((name) => [name, values[name] ?? null]));
}

/** Each with the values and the references to secrets that go into it. */
function connections(part: AirflowPart, environment: Environment | null): Held {
  return Object.fromEntries(
    Object.entries(part.connections ?? {}).map(([name, { description: _, ...connection }]) => {
      const written = canonicalJson(connection);
      const used = [...written.matchAll(/\$\{(values|secrets)\.([\w-]+)\}/g)].map(([, kind, value = '']) =>
        kind === 'values' ? (environment?.values[value] ?? null) : (environment?.secrets[value] ?? null),
      );
      return [name, [written, ...used]];
    }),
  );
}

/** How code takes a setting by a name that its text does not hold. */
const dynamic: { [Kind in SettingChange['kind']]: RegExp } = {
  variable:
    /\bVariable\s*\.\s*(get|set|setdefault|delete)\s*\(\s*(?!['"])|\bvar\s*\.\s*(value|json)\s*(\[|\.get\s*\(\s*(?!['"]))/,
  connection: /conn_id\s*=\s*(f['"]|[^,)\n]*[+%([])|get_(connection|hook)s?\s*\(\s*f['"]|\bconn\s*(\[|\.get\s*\()/,
  environment: /\benviron\b(?!\s*(\[|\.(get|pop|setdefault)\s*\()\s*['"])|\bgetenv\s*\(\s*(?!['"])/,
  pool: /\bpool\s*=\s*(f['"]|[^,)\n]*[+%([])/,
};

/** What changed settings do to code that refers to them. */
export function settingsSaid(changes: readonly SettingChange[], sources: readonly string[]): Said[] {
  return changes.flatMap(({ kind, name, there, because }): Said[] => {
    const word = new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
    if (sources.some((source) => word.test(source)))
      return [{ effect: kind === 'pool' && there ? 'compatible' : 'breaking', because }];
    if (kind === 'connection' && name.endsWith('_default'))
      return [{ effect: 'unknown', because: `${because}, and an operator may use it without saying so` }];
    return sources.some((source) => dynamic[kind].test(source))
      ? [{ effect: 'unknown', because: `${because}, and its code takes one by a name that is made while it runs` }]
      : [];
  });
}
