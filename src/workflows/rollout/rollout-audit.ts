import type { Rollout, RolloutState, StepRow, StepState } from '../../delivery/rollout/rollout.ts';
import type { Mark } from '../../targets/contract.ts';
import type { AuditEntry } from '../ports.ts';

type StepChanged = {
  rollout: Pick<Rollout, 'id' | 'environment'>;
  row: StepRow;
  mark: Mark;
  to: StepState;
  detail: string;
  at: Date;
  holder: string;
};

/** The audit entry of a step that goes to another state: action `step.<state>`, subject `<rollout>/<index>`. */
export function stepAudit({ rollout, row, mark, to, detail, at, holder }: StepChanged): AuditEntry {
  return {
    at,
    actor: `worker:${holder}`,
    action: `step.${to}`,
    subject: `${rollout.id}/${row.index}`,
    detail: { environment: rollout.environment, kind: row.step.kind, key: mark.key, epoch: mark.epoch, detail },
  };
}

type RolloutMoved = { id: string; to: RolloutState; epoch: number; because: string; at: Date; holder: string };

/** The audit entry of a rollout that goes to another state: action `rollout.<state>`, subject the rollout. */
export function moveAudit({ id, to, epoch, because, at, holder }: RolloutMoved): AuditEntry {
  return { at, actor: `worker:${holder}`, action: `rollout.${to}`, subject: id, detail: { epoch, because } };
}
