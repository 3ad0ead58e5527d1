import { folderOf } from '../../../model/join-path.ts';
import type { Said } from '../../code-changes/said.ts';
import type { SettingChange } from './setting-changes.ts';

/** Files that give the processes of Airflow their environment. */
const gives = /^((docker-)?compose[\w.-]*\.ya?ml|\.env[\w.-]*|[\w-]+\.env)$/;
/** Sections of Airflow's configuration that change nothing of what a DAG does. */
const besideDags = /^AIRFLOW__(WEBSERVER|API|LOGGING|METRICS|SMTP|DATABASE|CELERY|SENTRY|USAGE_DATA_COLLECTION)__/;
const ASSIGNMENT = /^(?:-\s*)?(?:export\s+)?["']?([A-Za-z_]\w*)["']?\s*[:=](?!\/)\s*(.*)$/;

type Revisions = { base: Texts; head: Texts; changed: ReadonlySet<string> | undefined; dags: string };
type Texts = { entries: readonly { path: string }[]; text(path: string): string | null };

/** What differs in the environment: settings by their names, and what holds for every DAG. */
export function environmentFileChanges(revisions: Revisions): { settings: SettingChange[]; everywhere: Said[] } {
  const { base, head, changed, dags } = revisions;
  const above = new Set(['']);
  for (let at = dags; at !== ''; at = folderOf(at)) above.add(at);
  const paths = [...(changed ?? new Set([...base.entries, ...head.entries].map(({ path }) => path)))];
  const wanted = paths.filter((path) => above.has(folderOf(path)) && gives.test(path.slice(path.lastIndexOf('/') + 1)));
  const lines = wanted
    .sort()
    .flatMap((path) =>
      differing({ base: base.text(path) ?? '', head: head.text(path) ?? '' }).map((line) => ({ path, line })),
    );
  return {
    settings: lines.flatMap(({ path, line }) => settingsIn(line, path)),
    everywhere: lines.flatMap(({ path, line }) => saidOf(line, path)),
  };
}

/** Lines that one of two texts holds more often than the other, less comments. */
function differing({ base, head }: { base: string; head: string }): string[] {
  const counts = new Map<string, number>();
  for (const [text, step] of [
    [base, 1],
    [head, -1],
  ] as const)
    for (const line of text.split(/\r?\n/)) {
      const said = line.replace(/(^|\s)#.*$/, '').trim();
      if (said !== '') counts.set(said, (counts.get(said) ?? 0) + step);
    }
  return [...counts].flatMap(([line, count]) => (count === 0 ? [] : [line]));
}

function settingsIn(line: string, path: string): SettingChange[] {
  const [, name = ''] = ASSIGNMENT.exec(line) ?? [];
  const [, kind, rest = ''] = /^AIRFLOW_(VAR|CONN)_(\w+)$/.exec(name) ?? [];
  if (kind !== undefined)
    return [...new Set([rest, rest.toLowerCase()])].map((one) =>
      settingOf(kind === 'VAR' ? 'variable' : 'connection', one, path),
    );
  return /^[A-Z][A-Z0-9_]+$/.test(name) && !name.startsWith('AIRFLOW__') ? [settingOf('environment', name, path)] : [];
}

function settingOf(kind: SettingChange['kind'], name: string, path: string): SettingChange {
  const what = kind === 'environment' ? 'environment variable' : kind;
  return { kind, name, there: true, because: `the ${what} \`${name}\` is another in ${path}` };
}

function saidOf(line: string, path: string): Said[] {
  const [, name = '', value = ''] = ASSIGNMENT.exec(line) ?? [];
  if (name.startsWith('AIRFLOW__') && !besideDags.test(name))
    return [{ effect: 'unknown', because: `Airflow's own setting \`${name}\` is another in ${path}` }];
  if (name === 'image' && /airflow/i.test(value))
    return [{ effect: 'unknown', because: `the image that it runs in is another in ${path}` }];
  return [];
}
