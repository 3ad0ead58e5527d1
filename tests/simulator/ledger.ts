import type { StepKind } from '../../src/model/step.ts';
import type { Direction } from '../../src/targets/contract.ts';

/** A real change of a target. `claim` is the epoch that the worker truly held when it asked, whatever it said. */
export type LedgerEntry = {
  target: string;
  rollout: string;
  index: number;
  direction: Direction;
  kind: StepKind;
  claim: number;
};

/** What is wrong with the order and number of the changes that took effect. */
export function ledgerFaults(ledger: readonly LedgerEntry[]): string[] {
  return [...doubled(ledger), ...olderAfterNewer(ledger), ...outOfOrder(ledger)];
}

function doubled(ledger: readonly LedgerEntry[]): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { rollout, index, direction, kind } of ledger) {
    const effect = `${rollout}/${index} ${direction} ${kind}`;
    if (seen.has(effect)) twice.push(`effect twice: ${effect}`);
    seen.add(effect);
  }
  return twice;
}

function olderAfterNewer(ledger: readonly LedgerEntry[]): string[] {
  const newest = new Map<string, number>();
  return ledger.flatMap(({ target, rollout, index, claim }) => {
    const known = newest.get(target) ?? 0;
    newest.set(target, Math.max(known, claim));
    return claim < known ? [`older epoch after newer: ${rollout}/${index} in ${target}, ${claim} after ${known}`] : [];
  });
}

function outOfOrder(ledger: readonly LedgerEntry[]): string[] {
  return ledger.flatMap((entry, position) => {
    const before = ledger.slice(0, position).findLast(({ rollout }) => rollout === entry.rollout);
    if (before === undefined || before.direction !== entry.direction) return [];
    const wrong = entry.direction === 'forward' ? entry.index < before.index : entry.index > before.index;
    return wrong ? [`out of order: ${entry.rollout}/${entry.index} ${entry.direction} after ${before.index}`] : [];
  });
}
