import { z } from 'zod';
import { type AssetKey, type Digest, digestOf, hexOf, parseDigest, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';

/**
 * What is live for one unit. `pointer` null: it was removed. `disabled` lists stopped assets; `stopped` says that the
 * whole unit is. `epoch` and `key` are those of the last writer.
 */
export type LivePointer = {
  unit: UnitKey;
  pointer: Pointer | null;
  disabled: AssetKey[];
  stopped: boolean;
  epoch: number;
  key: string;
};

const DigestText = z.string().transform((text, context): Digest => {
  const digest = parseDigest(text);
  if (digest !== null) return digest;
  context.addIssue({ code: 'custom', message: 'not a digest' });
  return z.NEVER;
});

const PointerFile = z.object({
  version: z.literal(1),
  unit: z.string(),
  part: DigestText.nullable(),
  bundle: DigestText.nullable(),
  fingerprint: DigestText.nullable(),
  epoch: z.number().int().min(0),
  key: z.string(),
  disabled: z.boolean(),
  disabledAssets: z.array(z.string()),
});

/** The file's JSON as `headgate-run` and the stubs know it. */
export function pointerJson(live: LivePointer): unknown {
  return {
    version: 1,
    unit: live.unit,
    part: live.pointer?.part ?? null,
    bundle: live.pointer?.bundle ?? null,
    fingerprint: live.pointer?.fingerprint ?? null,
    epoch: live.epoch,
    key: live.key,
    disabled: live.stopped,
    disabledAssets: live.disabled,
  };
}

/** Throws a ZodError for anything else. */
export function parsePointer(json: unknown): LivePointer {
  const file = PointerFile.parse(json);
  const { part, bundle, fingerprint } = file;
  const live = part !== null && bundle !== null && fingerprint !== null;
  return {
    unit: file.unit as UnitKey,
    pointer: live ? { bundle, part, fingerprint } : null,
    disabled: file.disabledAssets as AssetKey[],
    stopped: file.disabled,
    epoch: file.epoch,
    key: file.key,
  };
}

/** Whether both name the same version, or both none. */
export function samePointer(a: Pointer | null, b: Pointer | null): boolean {
  if (a === null || b === null) return a === b;
  return a.bundle === b.bundle && a.part === b.part && a.fingerprint === b.fingerprint;
}

/** `dbt/shop` -> `pointers/dbt/shop.json`; what follows the target is made one safe file name. */
export function pointerPath(unit: UnitKey): string {
  const slash = unit.indexOf('/');
  return `pointers/${unit.slice(0, slash)}/${fileNameOf(unit.slice(slash + 1))}.json`;
}

/** Any text as one safe file name; a very long one ends in a part of its digest. */
export function fileNameOf(text: string): string {
  const name = encodeURIComponent(text);
  return name.length <= 200 ? name : `${name.slice(0, 160)}.${hexOf(digestOf(text)).slice(0, 32)}`;
}
