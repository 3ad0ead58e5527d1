import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../base/errors.ts';
import { cacheHome } from '../../base/python/cache-home.ts';
import { placeOfLock, type RuntimePlace, runtimePlace } from '../../base/python/runtime.ts';
import { packagesOf, readLock, requirementsText } from '../../delivery/checks/lock/lock-text.ts';
import { digestOf, hexOf, partKey } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import { type LockedRuntime, lockFileName } from '../../model/runtime-lock.ts';
import type { LocalPlace } from './local-place.ts';

type LockedOrder = { project: Pick<LocalPlace['project'], 'parts'>; lock: LocalPlace['lock'] };

/**
 * The runtime that headgate.lock holds for the project's Airflow: Headgate's own where the packages are the same, else one
 * of the project's. Null when nothing is locked for it.
 * @throws lock-unreadable, stack-runtimes-differ
 */
export async function lockedRuntime({ project, lock }: LockedOrder): Promise<RuntimePlace | null> {
  if (lock === null) return null;
  const reading = readLock(lock);
  if (reading.read !== 'lock') {
    const because = reading.read === 'newer' ? `it is of version ${reading.version}` : reading.because;
    throw fail('lock-unreadable', { path: lockFileName, because });
  }
  const parts = project.parts
    .filter(({ target }) => target === 'airflow')
    .map(({ part }) => partKey('airflow', part.name));
  const ids = new Set(parts.flatMap((part) => reading.lock.parts[part] ?? []));
  if (ids.size > 1) throw fail('stack-runtimes-differ', { parts: parts.join(', ') });
  const runtime = reading.lock.runtimes[[...ids][0] ?? ''];
  return runtime === undefined ? null : placeOf(runtime);
}

async function placeOf(runtime: LockedRuntime): Promise<RuntimePlace> {
  const own = runtimePlace('airflow');
  const shipped = packagesOf(await readFile(own.lockFile, 'utf8'));
  if (canonicalJson(shipped) === canonicalJson(runtime.packages)) return own;
  const text = requirementsText(runtime);
  const folder = join(cacheHome(), 'project-locks');
  const file = join(folder, `${hexOf(digestOf(text))}.txt`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}.draft`, text);
  await rename(`${file}.${process.pid}.draft`, file);
  return placeOfLock('airflow', file);
}
