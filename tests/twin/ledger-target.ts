import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Step, StepKind } from '../../src/model/step.ts';
import type { Direction, Mark, Outcome, TargetConnection } from '../../src/targets/contract.ts';
import type { Pause } from '../../src/workflows/ports.ts';
import {
  actOn,
  emptyTarget,
  liveIn,
  lookAt,
  type TargetBehaviour,
  type TargetState,
} from '../simulator/memory-target.ts';

/** One thing that the target was asked and agreed to. The folder of these, in order, is all that the target is. */
type Agreed = { step: Step; direction: Direction; mark: Mark; now: number };

/** A real change, and under which key and epoch it came about. */
export type Effect = { key: string; epoch: number; kind: StepKind; direction: Direction };

type Read = { state: TargetState; effects: Effect[]; wrong: string[]; length: number };

/**
 * A target in a folder: an append-only ledger of one file an entry. An entry is written aside and linked under the next
 * number, which only one process can do; whoever is too late reads again and thinks again. So a killed process leaves an
 * entry whole or not at all, and a frozen one cannot write over what happened meanwhile.
 */
export function ledgerTarget(folder: string, behaviour: TargetBehaviour, pause: Pause): TargetConnection {
  return {
    inspect: async () => liveIn((await readLedger(folder, behaviour)).state),
    async look(step, direction) {
      const { state } = await readLedger(folder, behaviour);
      return lookAt(state, behaviour, { step, direction, now: Date.now() });
    },
    async act(step, direction, mark) {
      for (;;) {
        const read = await readLedger(folder, behaviour);
        const agreed: Agreed = { step, direction, mark, now: Date.now() };
        const outcome: Outcome = actOn(read.state, behaviour, agreed, silent);
        await pause('target-decided');
        if (!(await append(folder, read.length, agreed))) continue;
        await pause('target-written');
        return outcome;
      }
    },
    health: async () => [],
    close: async () => undefined,
  };
}

const silent = { effect: () => undefined, wrong: () => undefined };

/** Plays the ledger from its first entry. */
export async function readLedger(folder: string, behaviour: TargetBehaviour): Promise<Read> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => /^\d{6}\.json$/.test(name)).sort();
  const state = emptyTarget();
  const effects: Effect[] = [];
  const wrong: string[] = [];
  for (const name of names) {
    const agreed: Agreed = JSON.parse(await readFile(join(folder, name), 'utf8'));
    const { mark, direction } = agreed;
    actOn(state, behaviour, agreed, {
      effect: (kind) => effects.push({ key: mark.key, epoch: mark.epoch, kind, direction }),
      wrong: (what) => wrong.push(what),
    });
  }
  return { state, effects, wrong, length: names.length };
}

async function append(folder: string, number: number, agreed: Agreed): Promise<boolean> {
  const aside = join(folder, `aside-${process.pid}-${Math.round(performance.now() * 1000)}`);
  await writeFile(aside, JSON.stringify(agreed));
  try {
    await link(aside, join(folder, `${String(number).padStart(6, '0')}.json`));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
