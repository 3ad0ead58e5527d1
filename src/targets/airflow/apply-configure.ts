import { z } from 'zod';
import type { PartKey } from '../../model/identifiers.ts';
import { settingsOf } from '../../model/settings.ts';
import type { StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome } from '../contract.ts';
import type { EntryKind } from './client.ts';
import { type ConfiguredEntry, entriesOf, entryName, secretMark } from './entries.ts';
import { done } from './outcomes.ts';
import type { AirflowPlace } from './place.ts';

/**
 * What Headgate has set for a part: the digest of the settings, and each entry with a mark of its content (null: it may
 * or may not be set, for a crash came between). `made`: Headgate made it; only such ones are ever removed.
 */
const Configured = z.object({
  settings: z.string().nullable(),
  entries: z.record(z.string(), z.object({ mark: z.string().nullable(), made: z.boolean() })),
});
type Configured = z.infer<typeof Configured>;

/**
 * Sets the part's Variables, Connections and Pools as the environment says. Secrets are read now and kept nowhere: the
 * note beside holds a slow, salted hash. What is noted as set already is not set again.
 */
export async function applyConfigure(
  airflow: AirflowPlace,
  step: StepOf<'configure'>,
  { direction, mark }: { direction: Direction; mark: Mark },
): Promise<Outcome> {
  const [settings, bundle] = direction === 'forward' ? [step.to, step.bundle] : [step.from, step.fromBundle];
  if (settings !== null && bundle === null) {
    const message = `The settings ${settings} of ${step.part} come from a bundle that is not known any more.`;
    return {
      outcome: 'failed',
      cause: 'settings-lost',
      message,
      hint: 'Deliver a bundle with the settings that are wanted.',
    };
  }
  const wanted = settings === null || bundle === null ? [] : await wantedEntries(airflow, step.part, bundle);
  const before = await readConfigured(airflow, step.part);
  if (before.settings === settings && !Object.values(before.entries).some((entry) => entry.mark === null)) {
    return done('set already');
  }
  const changed = await changedEntries(before, wanted);
  const gone = Object.keys(before.entries).filter((name) => !wanted.some((entry) => entryName(entry) === name));
  const made = await madeBy(airflow, before, changed);
  await note(airflow, step.part, { settings: before.settings, entries: { ...before.entries, ...made } }, mark);
  for (const entry of changed) await airflow.client.writeEntry(entry.kind, entry.name, entry.body);
  for (const name of gone) if (await mayRemove(airflow, step.part, before, name)) await removeEntry(airflow, name);
  const entries = Object.fromEntries(
    await Promise.all(
      wanted.map(async (entry) => {
        const name = entryName(entry);
        const old = before.entries[name];
        const kept = !changed.includes(entry) && old !== undefined;
        const content = kept ? old.mark : await secretMark(entry.body);
        return [name, { mark: content, made: (made[name] ?? old)?.made ?? false }] as const;
      }),
    ),
  );
  await note(airflow, step.part, { settings, entries }, mark);
  return done(`${changed.length} set, ${gone.length} removed, ${wanted.length - changed.length} as they were`);
}

/** The digest of the settings that the part was last wholly configured with. */
export async function configuredSettings(airflow: AirflowPlace, part: PartKey): Promise<string | null> {
  return (await readConfigured(airflow, part)).settings;
}

async function wantedEntries(airflow: AirflowPlace, part: PartKey, bundle: StepOf<'configure'>['to']) {
  const { world } = airflow;
  const settings = settingsOf(await world.bundles.content(bundle), world.environment, part);
  if (settings === null) throw new Error(`${bundle} has no settings of ${part} for ${world.environment}`);
  return entriesOf(settings, world);
}

async function changedEntries(before: Configured, wanted: ConfiguredEntry[]): Promise<ConfiguredEntry[]> {
  const same = await Promise.all(
    wanted.map(async (entry) => {
      const old = before.entries[entryName(entry)]?.mark ?? null;
      return old !== null && (await secretMark(entry.body, old)) === old;
    }),
  );
  return wanted.filter((_, index) => same[index] !== true);
}

/** The entries about to be set, marked as uncertain; `made` where Airflow has none of that name yet. */
async function madeBy(
  { client }: AirflowPlace,
  before: Configured,
  changed: ConfiguredEntry[],
): Promise<Configured['entries']> {
  const found = await Promise.all(
    changed.map(async ({ kind, name }) => {
      const old = before.entries[entryName({ kind, name })];
      const made = old?.made ?? (await client.readEntry(kind, name)) === null;
      return [entryName({ kind, name }), { mark: null, made }] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** Not what was there before Headgate, nor what another part of the same Airflow still sets. */
async function mayRemove({ home }: AirflowPlace, part: PartKey, before: Configured, name: string): Promise<boolean> {
  if (before.entries[name]?.made !== true) return false;
  for (const other of await home.listNotes('airflow/configured')) {
    if (other === noteName(part)) continue;
    const entries = (await home.readNote(other, Configured))?.entries ?? {};
    if (entries[name] !== undefined) return false;
  }
  return true;
}

async function removeEntry({ client }: AirflowPlace, name: string): Promise<void> {
  const slash = name.indexOf('/');
  await client.removeEntry(name.slice(0, slash) as EntryKind, name.slice(slash + 1));
}

async function readConfigured({ home }: AirflowPlace, part: PartKey): Promise<Configured> {
  return (await home.readNote(noteName(part), Configured)) ?? { settings: null, entries: {} };
}

/** Nothing left to remember is no note at all. */
async function note({ home }: AirflowPlace, part: PartKey, value: Configured, mark: Mark): Promise<void> {
  const empty = value.settings === null && Object.keys(value.entries).length === 0;
  await home.writeNote({ name: noteName(part), value: empty ? null : value, mark });
}

function noteName(part: string): string {
  return `airflow/configured/${encodeURIComponent(part)}`;
}
