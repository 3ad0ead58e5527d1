import type { Generated, GeneratedAlways } from 'kysely';
import type { DeliveryTables } from './tables/delivery.ts';
import type { PeopleTables } from './tables/people.ts';
import type { RolloutTables } from './tables/rollouts.ts';

export type AuditTables = {
  audit_log: { id: Generated<string>; only_one: Generated<boolean>; size: number; peaks: Buffer };
  audit_entry: {
    seq: number;
    body: string;
    leaf: Buffer;
    actor: GeneratedAlways<string>;
    action: GeneratedAlways<string>;
    subject: GeneratedAlways<string>;
  };
  audit_head: { size: number; key_id: string; body: string; signature: string };
};

/** Every table of the store, by name. A new table gets its row type in `tables/` and a place here. */
export type Tables = AuditTables & PeopleTables & DeliveryTables & RolloutTables;
