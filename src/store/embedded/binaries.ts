import { execFile } from 'node:child_process';
import { access, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { arch, platform, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { fail } from '../../base/errors.ts';

const run = promisify(execFile);

/** Who runs Postgres: null is the user of this process; root may not run it, so root names another. */
export type RunAs = { uid: number; gid: number } | null;

/** Absolute paths of the programs of the npm package that fits this machine. */
export type Binaries = { initdb: string; postgres: string };

const copies = '/var/lib/headgate';

/**
 * The programs, in a place that `runAs` can reach. A checkout below a closed folder (such as /root) is out of reach of
 * the user that must run Postgres; the programs are then copied to /var/lib/headgate once.
 */
export async function findBinaries(runAs: RunAs): Promise<Binaries> {
  const found = await packaged();
  if (runAs === null || (await openToAll(found.postgres))) return found;
  return copied(found);
}

/** The user that runs Postgres when this process is root: `postgres`, made if it is missing, else `nobody`. */
export async function chooseUser(): Promise<RunAs> {
  if (platform() === 'win32' || userInfo().uid !== 0) return null;
  const known = await idsOf('postgres');
  if (known !== null) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch {
    // Minimal images have no useradd, or a read-only /etc; `nobody` is there on all of them.
  }
  const chosen = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  if (chosen === null) {
    throw fail('embedded-postgres-failed', {
      folder: '(none)',
      detail: 'root may not run Postgres and there is no other user',
    });
  }
  return chosen;
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout.trim()), gid: Number(gid.stdout.trim()) };
  } catch {
    return null;
  }
}

async function packaged(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    const loaded: unknown = await import(name);
    if (isBinaries(loaded)) return { initdb: loaded.initdb, postgres: loaded.postgres };
  } catch (error) {
    throw fail('embedded-postgres-missing', { package: name }, error);
  }
  throw fail('embedded-postgres-missing', { package: name });
}

function isBinaries(loaded: unknown): loaded is Binaries {
  return (
    loaded !== null &&
    typeof loaded === 'object' &&
    'initdb' in loaded &&
    'postgres' in loaded &&
    typeof loaded.initdb === 'string' &&
    typeof loaded.postgres === 'string'
  );
}

/** True when every folder above the file may be entered by anybody. */
async function openToAll(file: string): Promise<boolean> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}

async function copied(found: Binaries): Promise<Binaries> {
  const native = dirname(dirname(found.postgres));
  const version = (await stat(found.postgres)).size.toString(36);
  const home = join(copies, `postgres-${version}`);
  const binaries = { initdb: join(home, 'bin', basename(found.initdb)), postgres: join(home, 'bin', 'postgres') };
  try {
    await access(binaries.postgres);
  } catch {
    const making = `${home}.${process.pid}`;
    await mkdir(copies, { recursive: true, mode: 0o755 });
    await cp(native, making, { recursive: true, verbatimSymlinks: true });
    await rename(making, home).catch(() => rm(making, { recursive: true, force: true }));
  }
  return binaries;
}
