import type { AssetKey, Digest, PartKey, UnitKey } from './identifiers.ts';

/** Which version of a unit is live: the bundle it came with, the part's blob, and the unit's fingerprint. */
export type Pointer = { bundle: Digest; part: Digest; fingerprint: Digest };

/**
 * One step of a plan, as data. Explaining, approving, applying, undoing and auditing read this same list.
 * - `upload`: brings a part's files beside what is live. Harmless by itself; its undo does nothing.
 * - `configure`: gives a target the values of the environment. `from`/`to` are digests of the settings.
 * - `drain`: no new runs of the unit's assets, and waits until those under way have ended. Undo lets runs start again.
 * - `switch`: moves a unit's pointer. `pinRuns`: runs under way stay on `from`. Undo moves it back.
 * - `remove`: takes a unit out that the bundle no longer has. Undo brings `from` back.
 * - `build`: runs the part's code once in the environment (dbt build). Undo builds `from` again.
 * - `verify`: asks the target whether `to` really is what runs (`to` null: gone). Changes nothing.
 * - `disable`/`enable`: stops one asset, or lets it go on.
 */
export type Step =
  | { kind: 'upload'; target: string; part: PartKey; blob: Digest; bundle: Digest }
  | {
      kind: 'configure';
      target: string;
      part: PartKey;
      from: Digest | null;
      to: Digest;
      bundle: Digest;
      fromBundle: Digest | null;
    }
  | { kind: 'drain'; target: string; unit: UnitKey; assets: AssetKey[]; limitSeconds: number }
  | { kind: 'switch'; target: string; unit: UnitKey; from: Pointer | null; to: Pointer; pinRuns: boolean }
  | { kind: 'remove'; target: string; unit: UnitKey; from: Pointer }
  | { kind: 'build'; target: string; unit: UnitKey; from: Pointer | null; to: Pointer }
  | { kind: 'verify'; target: string; unit: UnitKey; to: Pointer | null }
  | { kind: 'disable'; target: string; asset: AssetKey; unit: UnitKey }
  | { kind: 'enable'; target: string; asset: AssetKey; unit: UnitKey };

export type StepKind = Step['kind'];
export type StepOf<Kind extends StepKind> = Extract<Step, { kind: Kind }>;
