import type { BundlePart } from '../../model/bundle.ts';
import type { PartKey } from '../../model/identifiers.ts';
import type { LockedRuntime, RuntimeLock } from '../../model/runtime-lock.ts';
import type { DeployedRuntime } from '../../targets/contract.ts';
import { canonicalName } from '../checks/lock/lock-text.ts';
import type { PlanWarning } from './plan.ts';

/** What a target answered when it was asked what it runs; `untold` says why it could not answer. */
export type RuntimeAnswer = { runtime: DeployedRuntime } | { untold: string };

export type RuntimeWarningsInput = {
  environment: string;
  /** The parts that the plan touches. */
  parts: readonly Pick<BundlePart, 'part' | 'target'>[];
  /** The lock in the bundle; null when it has none that can be read. */
  lock: RuntimeLock | null;
  answers: ReadonlyMap<string, RuntimeAnswer>;
  /** Whether the environment's gate wants to know; what cannot be told is then a warning too. */
  required: boolean;
};

/**
 * Where a target runs something else than the lock in the bundle holds, part by part. Packages that the lock does not have
 * are nobody's concern.
 */
export function runtimeWarnings(input: RuntimeWarningsInput): PlanWarning[] {
  const { lock, parts, required } = input;
  if (lock === null)
    return required ? [warning('the bundle has no headgate.lock, so nothing says what its parts run on')] : [];
  return parts.flatMap(({ part, target }) => {
    const answer = input.answers.get(target) ?? { untold: `${target} cannot be asked` };
    const locked = lock.runtimes[lock.parts[part] ?? ''];
    if (locked === undefined) return required && 'runtime' in answer ? [notLocked(part)] : [];
    if ('runtime' in answer) return compared({ ...input, part, locked, deployed: answer.runtime });
    return required ? [warning(`what ${part} runs on in ${input.environment} cannot be told: ${answer.untold}`)] : [];
  });
}

/** How many differences of a part are named; the rest are counted. */
const namedAtMost = 5;

type Compared = { environment: string; part: PartKey; locked: LockedRuntime; deployed: DeployedRuntime };

function compared({ environment, part, locked, deployed }: Compared): PlanWarning[] {
  const differences = differencesOf(locked, deployed);
  if (differences.length === 0) return [];
  const named = differences.slice(0, namedAtMost).join('; ');
  const more = differences.length > namedAtMost ? ` and ${differences.length - namedAtMost} more` : '';
  return [
    warning(
      `${part} is locked to other versions than ${environment} runs (${deployed.saidBy} says): ${named}${more}. ` +
        'Bring the target to the lock, or lock what it runs with `headgate lock`',
    ),
  ];
}

/** `name 2.10.5, found 2.10.4`, Headgate's own tools first, then by name. */
function differencesOf(locked: LockedRuntime, { versions, tells }: DeployedRuntime): string[] {
  const found = new Map(Object.entries(versions).map(([name, version]) => [canonicalName(name), version]));
  return expectedOf(locked)
    .filter(({ name, always }) => tells.some((told) => covers(told, name)) && (always || found.has(name)))
    .filter(({ name, versions: wanted }) => !wanted.some((version) => sameVersion(version, found.get(name))))
    .map(({ name, versions: wanted }) => `${name} ${wanted.join(' or ')}, found ${found.get(name) ?? 'none'}`);
}

/** `always`: it is there on every platform, so that its absence is a difference too. */
type Expected = { name: string; versions: string[]; always: boolean };

function expectedOf({ tools, packages }: LockedRuntime): Expected[] {
  const expected = new Map<string, Expected>();
  for (const [tool, version] of Object.entries(tools).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = canonicalName(tool);
    expected.set(name, { name, versions: [version], always: true });
  }
  for (const { name: given, version, marker } of packages) {
    const name = canonicalName(given);
    const known = expected.get(name) ?? { name, versions: [], always: false };
    if (!known.versions.includes(version)) known.versions.push(version);
    expected.set(name, { ...known, always: known.always || marker === null });
  }
  return [...expected.values()];
}

function covers(told: string, name: string): boolean {
  return told.endsWith('*') ? name.startsWith(told.slice(0, -1)) : told === name;
}

/** A vendor's own build (`2.10.5+astro.1`) is that version. */
function sameVersion(wanted: string, found: string | undefined): boolean {
  return found === wanted || (!wanted.includes('+') && found?.split('+')[0] === wanted);
}

function notLocked(part: PartKey): PlanWarning {
  return warning(`headgate.lock does not say what ${part} runs on`);
}

function warning(because: string): PlanWarning {
  return { unit: null, because, breaks: 'require-locked-runtime' };
}
