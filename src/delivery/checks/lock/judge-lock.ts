import { errored, failed, skipped } from '../../../model/check-finding.ts';
import type { Finding } from '../../../model/finding.ts';
import { lockFileName, type RuntimeLock } from '../../../model/runtime-lock.ts';
import type { Project } from '../../project/project.ts';
import { isPinned, namedImages } from './images.ts';
import { canonicalName, type LockReading } from './lock-text.ts';
import type { WantedRuntime } from './wanted-runtimes.ts';

/** Versions of packages that a runtime on this machine holds, by runtime name; absent: not set up here. */
export type HeldVersions = { [runtime: string]: { [packageName: string]: string } };

export type JudgeLockInput = {
  project: Project;
  declared: boolean;
  wanted: Map<string, WantedRuntime>;
  /** Null when there is no headgate.lock. */
  reading: LockReading | null;
  held: HeldVersions;
  lineOf(at: readonly PropertyKey[]): number | null;
};

const NAME = 'runtime-lock';

/** Whether the lock is there, is about what the project has now, and is what this machine runs. */
export function judgeLock(input: JudgeLockInput): Finding[] {
  const images = input.declared ? judgeImages(input) : [];
  if (input.wanted.size === 0) {
    return images.length > 0 ? images : [skipped(NAME, 'No part of this project needs a runtime.')];
  }
  return [...images, ...judgeReading(input)];
}

function judgeReading(input: JudgeLockInput): Finding[] {
  const { reading, declared } = input;
  if (reading === null && !declared) {
    return [
      skipped(NAME, 'There is no headgate.yaml, so nothing is locked yet.', {
        hint: 'Run `headgate init`, then `headgate lock`.',
      }),
    ];
  }
  if (reading === null) {
    const message = `There is no ${lockFileName}, so what this project runs on may differ from machine to machine.`;
    return [failed(NAME, { severity: 'warning', message, hint: 'Run `headgate lock` and commit the file.' })];
  }
  if (reading.read === 'newer') {
    const message = `${lockFileName} was written by a newer Headgate (version ${reading.version} of the file).`;
    return [
      errored(NAME, { path: lockFileName, message, hint: 'Update Headgate, or run `headgate lock` to write it anew.' }),
    ];
  }
  if (reading.read === 'broken') {
    const message = `${lockFileName} cannot be read: ${reading.because}.`;
    return [failed(NAME, { path: lockFileName, message, hint: 'Run `headgate lock` to write it anew.' })];
  }
  return [...judgeParts(input, reading.lock), ...judgeMachine(input, reading.lock)];
}

function judgeParts({ wanted, project }: JudgeLockInput, lock: RuntimeLock): Finding[] {
  const stale = [...wanted].flatMap(([id, runtime]) =>
    runtime.parts
      .filter((part) => lock.parts[part] !== id || lock.runtimes[id] === undefined)
      .map((part) => outdated(part, reasonFor(runtime, lock.runtimes[lock.parts[part] ?? '']?.inputs))),
  );
  const images = namedImages(project).map(({ image }) => image);
  const missing = images.filter((image) => !lock.images.includes(image));
  return [...stale, ...missing.map((image) => outdated(`The image ${image}`, 'it is not in the lock'))];
}

/** What changed since the lock was written, in words. */
function reasonFor(runtime: WantedRuntime, locked: { [input: string]: string } | undefined): string {
  if (locked === undefined) return 'it is not in the lock';
  const names = [...new Set([...Object.keys(runtime.inputs), ...Object.keys(locked)])].sort();
  const changed = names.filter((name) => runtime.inputs[name] !== locked[name]);
  if (changed.length === 0) return 'its Maven packages have changed';
  const words = changed.map((name) => (name.startsWith('headgate:') ? 'Headgate’s own base' : name));
  return `${words.join(', ')} ${words.length === 1 ? 'has' : 'have'} changed since it was locked`;
}

function outdated(subject: string, because: string): Finding {
  const message = `${subject} is not as ${lockFileName} says: ${because}.`;
  return failed(NAME, {
    path: lockFileName,
    message,
    hint: 'Run `headgate lock`, look at what changes, and commit the file.',
  });
}

/** Tools whose version here differs from the locked one: what the checks say may then not hold there. */
function judgeMachine({ held }: JudgeLockInput, lock: RuntimeLock): Finding[] {
  return Object.entries(lock.parts).flatMap(([part, id]) => {
    const runtime = lock.runtimes[id];
    const here = runtime === undefined ? undefined : held[runtime.runtime];
    if (runtime === undefined || here === undefined) return [];
    return Object.entries(runtime.tools)
      .filter(([tool, version]) => here[canonicalName(tool)] !== version)
      .map(([tool, version]) =>
        failed(NAME, {
          path: lockFileName,
          severity: 'warning',
          message: `${part} is locked to ${tool} ${version}; this machine checks it with ${here[canonicalName(tool)] ?? 'none'}.`,
          hint: 'What the checks say holds for the version here. Bring the requirements and Headgate’s runtime together.',
        }),
      );
  });
}

function judgeImages({ project, lineOf }: JudgeLockInput): Finding[] {
  return namedImages(project)
    .filter(({ image }) => !isPinned(image) && !image.includes('${'))
    .map(({ image, at }) =>
      failed(NAME, {
        path: 'headgate.yaml',
        line: lineOf(at),
        severity: 'warning',
        message: `The image ${image} is named by a tag, which can be moved to other content.`,
        hint: 'Name it by digest: <image>@sha256:<64 hex digits>.',
      }),
    );
}
