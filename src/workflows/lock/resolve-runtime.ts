import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../../base/errors.ts';
import { bridgeFolder } from '../../base/python/bridge-folder.ts';
import type { ProgressOf } from '../../base/python/ensure-runtime.ts';
import { type LockAnswer, lockRequirements } from '../../base/python/lock-requirements.ts';
import { redact } from '../../base/redact.ts';
import type { Resolved } from '../../delivery/checks/lock/build-lock.ts';
import { canonicalName, requirementsText } from '../../delivery/checks/lock/lock-text.ts';
import type { WantedRuntime } from '../../delivery/checks/lock/wanted-runtimes.ts';
import type { LockedRuntime } from '../../model/runtime-lock.ts';
import { resolveJars } from './resolve-jars.ts';

/** `previous` is the runtime that the part is locked to now; its versions are kept where they still fit. */
export type ResolveInput = {
  root: string;
  wanted: WantedRuntime;
  previous: LockedRuntime | null;
  upgrade: boolean;
  onProgress?: (progress: ProgressOf) => void;
};

/** The least Python that the result should serve; a later one is tried when a package needs it. */
const PYTHONS = ['3.10', '3.11', '3.12'];

/**
 * Finds exact versions with hashes for a runtime. A part without requirements of its own takes Headgate's shipped lock as it is,
 * without asking anybody. Throws `requirements-not-locked` (they contradict each other) and `lock-not-resolved` (could not tell).
 */
export async function resolveRuntime(input: ResolveInput): Promise<Resolved> {
  const jars = await resolveJars(input.wanted, input.onProgress);
  const [first] = input.wanted.requirements;
  if (first === undefined) return { requirements: input.wanted.base.requirements, python: '3.10', jars };
  return { ...(await resolvePython(input, first.path)), jars };
}

async function resolvePython(input: ResolveInput, file: string): Promise<{ requirements: string; python: string }> {
  const { root, wanted, previous, upgrade, onProgress } = input;
  const known = previous === null || upgrade ? wanted.base.requirements : requirementsText(previous);
  const more = baseRequirements(wanted);
  let answer: LockAnswer = { refused: '', conflict: true };
  for (const python of PYTHONS) {
    answer = await lockRequirements({
      folder: root,
      files: [file],
      more,
      known,
      python,
      ...(onProgress && { onProgress }),
    });
    if ('locked' in answer) return { requirements: answer.locked, python };
    if (!answer.conflict) break;
  }
  const output = redact(answer.refused);
  if (answer.conflict) throw fail('requirements-not-locked', { file, output });
  throw fail('lock-not-resolved', { part: wanted.parts.join(', '), tool: 'uv', output });
}

/** What Headgate needs in the runtime, without the packages that the project pins itself. */
function baseRequirements({ base, requirements }: WantedRuntime): string {
  const named = new Set(
    requirements.flatMap(({ text }) =>
      [...text.matchAll(/^\s*([A-Za-z0-9][\w.-]*)/gm)].map((match) => canonicalName(match[1] ?? '')),
    ),
  );
  return readFileSync(join(bridgeFolder, 'locks', `${base.name}.in`), 'utf8')
    .split('\n')
    .filter((line) => !named.has(canonicalName(/^[A-Za-z0-9][\w.-]*/.exec(line)?.[0] ?? '')))
    .join('\n');
}
