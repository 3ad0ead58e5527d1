import { type Digest, shortOf, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';
import type { Outcome } from '../contract.ts';
import type { DagRun } from './client.ts';
import type { Shown } from './live-files.ts';

export function done(detail: string): Outcome {
  return { outcome: 'done', detail };
}

export function waiting(what: string, againInSeconds: number): Outcome {
  return { outcome: 'waiting', for: what, againInSeconds };
}

export function partMissing(unit: UnitKey, part: Digest): Outcome {
  return {
    outcome: 'failed',
    cause: 'part-incomplete',
    message: `${unit} was not switched: its part ${part} is not whole in the release home.`,
    hint: 'What was live is live. Deliver the bundle again.',
  };
}

export function moved(unit: UnitKey, found: Shown, expected: Pointer | null): Outcome {
  return {
    outcome: 'failed',
    cause: 'moved',
    message: `${unit} was not switched: it stands at ${shown(found)}, not at ${shown(expected)}.`,
    hint: 'What was live is live. Make the plan again.',
  };
}

export function runsLeft(unit: UnitKey, runs: readonly DagRun[], seconds: number): Outcome {
  return {
    outcome: 'failed',
    cause: 'drain-limit',
    message: `${unit}: ${runs.length} ${runs.length === 1 ? 'run has' : 'runs have'} not ended in ${seconds} s (${named(runs)}).`,
    hint: 'Its DAGs go on as before. Let these runs end, or end them in Airflow (a paused DAG does not go on by itself); then deliver again.',
  };
}

function named(runs: readonly DagRun[]): string {
  const some = runs.slice(0, 3).map(({ dagId, runId }) => `${dagId} ${runId}`);
  return runs.length > 3 ? `${some.join(', ')} and ${runs.length - 3} more` : some.join(', ');
}

/** A version as people read it. */
export function shown(pointer: Shown): string {
  if (pointer === 'other') return 'a file that Headgate did not write';
  return pointer === null ? 'nothing' : `bundle ${shortOf(pointer.bundle)}`;
}
