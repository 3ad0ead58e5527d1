import type { TargetConnection } from '../../targets/contract.ts';
import type { Targets } from '../ports.ts';

/** The targets of one rollout, each connected when it is first needed and once only. */
export type Connections = {
  to(environment: string, target: string): Promise<TargetConnection>;
  close(): Promise<void>;
};

/** A connection that could not be made is tried anew the next time it is needed. */
export function connections(targets: Targets): Connections {
  const open = new Map<string, TargetConnection>();
  return {
    async to(environment, target) {
      const known = open.get(target);
      if (known !== undefined) return known;
      const connection = await targets.connect(environment, target);
      open.set(target, connection);
      return connection;
    },
    async close() {
      await Promise.allSettled([...open.values()].map((connection) => connection.close()));
      open.clear();
    },
  };
}
