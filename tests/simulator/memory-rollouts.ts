import { hash } from 'node:crypto';
import { freesEnvironment, isEnded, type Rollout } from '../../src/delivery/rollout/rollout.ts';
import { changedRow, initialRows, resumedRow } from '../../src/delivery/rollout/step-change.ts';
import type { AuditEntry, RolloutStore } from '../../src/workflows/ports.ts';

type Sync<Method> = Method extends (...input: infer Input) => Promise<infer Answer>
  ? (...input: Input) => Answer
  : never;

/** One link of the log: `hash` covers the entry and the hash before it. */
export type Link = { entry: AuditEntry; hash: string };

/** The rollout store in memory. Each method happens at once and whole, as a transaction does. */
export type MemoryRollouts = { [Method in keyof RolloutStore]: Sync<RolloutStore[Method]> } & { audit: Link[] };

type Row = { rollout: Rollout; holder: string | null; until: Date };

export function memoryRollouts(): MemoryRollouts {
  const rows = new Map<string, Row>();
  const environments = new Map<string, { epoch: number; open: string | null }>();
  const audit: Link[] = [];

  function append(entry: AuditEntry): void {
    const previous = audit.at(-1)?.hash ?? '';
    audit.push({ entry, hash: linkHash(previous, entry) });
  }
  function environmentOf(name: string) {
    const known = environments.get(name) ?? { epoch: 0, open: null };
    environments.set(name, known);
    return known;
  }
  function heldRow(id: string, epoch: number): Row | null {
    const row = rows.get(id);
    return row !== undefined && row.rollout.epoch === epoch && row.holder !== null ? row : null;
  }

  return {
    audit,
    open({ id, release, plan, audit: entry }) {
      const known = rows.get(id);
      if (known !== undefined) return copyOf(known.rollout);
      const environment = environmentOf(plan.environment);
      if (environment.open !== null) return { busy: environment.open };
      environment.open = id;
      const { epoch } = environment;
      const steps = initialRows(plan);
      const rollout: Rollout = {
        id,
        release,
        environment: plan.environment,
        plan: plan.digest,
        state: 'running',
        epoch,
        steps,
      };
      rows.set(id, { rollout, holder: null, until: new Date(0) });
      append(entry);
      return copyOf(rollout);
    },
    read(id) {
      const row = rows.get(id);
      return row === undefined ? null : copyOf(row.rollout);
    },
    unfinished: () =>
      [...rows.values()].filter(({ rollout }) => !isEnded(rollout.state)).map(({ rollout }) => rollout.id),
    claim({ id, holder, now, leaseSeconds }) {
      const row = rows.get(id);
      if (row === undefined || isEnded(row.rollout.state)) return null;
      if (row.holder !== null && row.until > now) return { heldBy: row.holder, until: row.until };
      const environment = environmentOf(row.rollout.environment);
      environment.epoch += 1;
      row.rollout.epoch = environment.epoch;
      row.holder = holder;
      row.until = new Date(now.getTime() + leaseSeconds * 1000);
      return { epoch: environment.epoch };
    },
    renew({ id, holder, epoch, now, leaseSeconds }) {
      const row = heldRow(id, epoch);
      if (row === null || row.holder !== holder) return 'stale';
      row.until = new Date(now.getTime() + leaseSeconds * 1000);
      return 'recorded';
    },
    release({ id, holder, epoch }) {
      const row = heldRow(id, epoch);
      if (row !== null && row.holder === holder) row.holder = null;
    },
    record(change) {
      const row = heldRow(change.rollout, change.epoch);
      const step = row?.rollout.steps[change.index];
      if (row === null || step === undefined || step.state !== change.from) return 'stale';
      row.rollout.steps[change.index] = changedRow(step, change);
      append(change.audit);
      return 'recorded';
    },
    move({ id, epoch, from, to, audit: entry }) {
      const row = from === 'stuck' ? (rows.get(id) ?? null) : heldRow(id, epoch);
      if (row === null || row.rollout.epoch !== epoch || row.rollout.state !== from) return 'stale';
      row.rollout.state = to;
      if (from === 'stuck' && !isEnded(to)) row.rollout.steps = row.rollout.steps.map(resumedRow);
      if (isEnded(to)) row.holder = null;
      if (freesEnvironment(to)) environmentOf(row.rollout.environment).open = null;
      append(entry);
      return 'recorded';
    },
  };
}

/** The store's port over the same rows. */
export function asRolloutStore(rows: MemoryRollouts): RolloutStore {
  return {
    open: async (input) => rows.open(input),
    read: async (id) => rows.read(id),
    unfinished: async () => rows.unfinished(),
    claim: async (input) => rows.claim(input),
    renew: async (input) => rows.renew(input),
    release: async (input) => rows.release(input),
    record: async (change) => rows.record(change),
    move: async (input) => rows.move(input),
  };
}

/** The first broken link of a log, or null. */
export function brokenLink(audit: readonly Link[]): number | null {
  const broken = audit.findIndex(({ entry, hash }, index) => hash !== linkHash(audit[index - 1]?.hash ?? '', entry));
  return broken === -1 ? null : broken;
}

/** What the log alone says: the state of each rollout and step, by subject. */
export function replayed(audit: readonly Link[]): Map<string, string> {
  const states = new Map<string, string>();
  for (const { entry } of audit) states.set(entry.subject, entry.action.slice(entry.action.indexOf('.') + 1));
  return states;
}

function linkHash(previous: string, entry: AuditEntry): string {
  return hash('sha256', previous + JSON.stringify(entry));
}

function copyOf(rollout: Rollout): Rollout {
  return { ...rollout, steps: rollout.steps.map((row) => ({ ...row })) };
}
