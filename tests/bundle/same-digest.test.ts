import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
const main = join(repository, 'src/cli/main.ts');
type Bundle = { digest: string; size: number; assets: { key: string }[]; parts: { part: string; blob: string }[] };
type Maker = { folder: string; env: Record<string, string>; umask: string; user: number | null };

/** The example estate in a repository of its own, cloned by two people with nothing in common. */
async function twoClones(t: TestContext): Promise<[Maker, Maker]> {
  const folder = await mkdtemp(join(tmpdir(), 'headgate-clones-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  const origin = join(folder, 'origin');
  await cp(join(repository, 'examples/payments'), origin, { recursive: true });
  const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  await run('git', ['-C', origin, 'init', '-q', '-b', 'main']);
  await run('git', ['-C', origin, 'add', '-A']);
  await run('git', ['-C', origin, ...author, 'commit', '-q', '-m', 'Begin']);
  const first = { folder: join(folder, 'a'), env: { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' }, umask: '022', user: null };
  const other = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  const user = await otherUser();
  const second = { folder: join(folder, 'deep er', 'ünd', 'other name'), env: other, umask: '077', user };
  await run('git', ['clone', '-q', origin, first.folder]);
  await mkdir(join(second.folder, '..'), { recursive: true });
  await run('sh', ['-c', 'umask 077; git clone -q "$1" "$2"', 'sh', origin, second.folder]);
  await age(second.folder);
  if (user !== null) await run('chown', ['-R', `${user}:${user}`, join(folder, 'deep er')]);
  return [first, second];
}

/** Another user where this one may become it, and it may read the program; null elsewhere. */
async function otherUser(): Promise<number | null> {
  if (process.getuid?.() !== 0) return null;
  const nobody = 65534;
  const reads = run(process.execPath, ['--check', main], { uid: nobody, gid: nobody });
  return reads.then(
    () => nobody,
    () => null,
  );
}

async function bundle({ folder, env, umask, user }: Maker): Promise<Bundle> {
  const script = `umask ${umask}; exec "$0" "$1" bundle --skip-checks --json`;
  const { stdout } = await run('sh', ['-c', script, process.execPath, main], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? folder,
      ...(user === null ? {} : { HOME: folder }),
      ...env,
    },
    ...(user === null ? {} : { uid: user, gid: user }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout) as Bundle;
}

test('two clones at different paths, with another clock, language, umask and user, make the same bytes', async (t) => {
  const [first, second] = await twoClones(t);
  const [one, two] = [await bundle(first), await bundle(second)];
  assert.match(one.digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(two.digest, one.digest);
  assert.equal(two.size, one.size);
  assert.deepEqual(
    two.parts.map(({ blob }) => blob),
    one.parts.map(({ blob }) => blob),
  );
  const blobs = (maker: Maker) => join(maker.folder, '.headgate/bundles/blobs/sha256');
  for (const digest of [one.digest, ...one.parts.map(({ blob }) => blob)]) {
    const name = digest.slice('sha256:'.length);
    assert.deepEqual(await readFile(join(blobs(first), name)), await readFile(join(blobs(second), name)));
  }
});

test('a bundle whose store was copied elsewhere is verified offline by the public key alone', async (t) => {
  const [first] = await twoClones(t);
  const { digest } = await bundle(first);
  const elsewhere = join(first.folder, '..', 'copied');
  await cp(join(first.folder, '.headgate/bundles'), elsewhere, { recursive: true });
  const key = join(first.folder, '.headgate/keys/signing.pem.pub');
  const { stdout } = await run(process.execPath, [main, 'verify', elsewhere, '--key', key, '--json'], {
    cwd: tmpdir(),
  });
  const verified = JSON.parse(stdout) as {
    ok: boolean;
    bundles: { digest: string; attachments: { trusted: boolean }[] }[];
  };
  assert.equal(verified.ok, true);
  assert.deepEqual(
    verified.bundles.map((one) => one.digest),
    [digest],
  );
  assert.ok(verified.bundles[0]?.attachments.every(({ trusted }) => trusted));
});

/** Gives every file and folder another time. */
async function age(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await utimes(join(entry.parentPath, entry.name), 86_400, 86_400 * 2);
  }
}
