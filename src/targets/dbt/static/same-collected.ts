import { isDeepStrictEqual } from 'node:util';

type Code = { name: string; file: string; line: number; steps: readonly string[]; scan: unknown; python: boolean };
type Collected = {
  [kind in 'models' | 'seeds' | 'snapshots' | 'tests']: readonly Code[];
} & {
  macros: readonly { block: unknown; file: string }[];
  entries: readonly object[];
  problems: readonly object[];
};

/** Whether the files of two revisions say the same, down to the lines. Quick where most of it is the same objects. */
export function isSameCollected(a: Collected, b: Collected): boolean {
  return (
    isEach(a.entries, b.entries, (one, other) => one === other) &&
    isEach(a.models, b.models, isSameCode) &&
    isEach(a.seeds, b.seeds, isSameCode) &&
    isEach(a.snapshots, b.snapshots, isSameCode) &&
    isEach(a.tests, b.tests, isSameCode) &&
    isEach(a.macros, b.macros, (one, other) => one.file === other.file && isSame(one.block, other.block)) &&
    isDeepStrictEqual(a.problems, b.problems)
  );
}

function isSameCode(a: Code, b: Code): boolean {
  return (
    a.file === b.file &&
    a.name === b.name &&
    a.line === b.line &&
    a.python === b.python &&
    isEach(a.steps, b.steps, (one, other) => one === other) &&
    isSame(a.scan, b.scan)
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

function isEach<T>(a: readonly T[], b: readonly T[], isAlike: (one: T, other: T) => boolean): boolean {
  return (
    a.length === b.length &&
    a.every((one, at) => {
      const other = b[at];
      return other !== undefined && isAlike(one, other);
    })
  );
}
