import { createHash } from 'node:crypto';
import { fail } from '../../base/errors.ts';
import type { Release } from '../../delivery/release/release.ts';
import type { Digest } from '../../model/identifiers.ts';
import { verifyBundle } from '../bundle/verify-bundle.ts';
import type { DeliverPorts } from './deliver-ports.ts';
import type { RegisteredEnvironment, ReleaseRow } from './delivery-store.ts';
import { authorsIn, findingsOf } from './release-evidence.ts';

/** `authors` are people who had a hand in it beside those whom its provenance names, such as whoever uploaded it. */
export type ReleaseWish = {
  bundle: Digest;
  environment: string;
  kind: Release['kind'];
  requestedBy: string;
  authors: string[];
  following: string | null;
};

/**
 * Asks for a bundle in an environment. The bundle is verified first, and must have been live in the environment before
 * this one in the chain. An open release of the same bundle is given back as it is; older ones that have not begun are
 * superseded, for approving them later would turn the environment back.
 * @throws environment-not-registered, bundle-not-found, bundle-not-verified, release-out-of-order
 */
export async function askRelease(wish: ReleaseWish, ports: DeliverPorts): Promise<ReleaseRow> {
  const environment = await ports.store.environment(wish.environment);
  if (environment === null) throw fail('environment-not-registered', { environment: wish.environment });
  const project = await verifiedProject(wish.bundle, ports);
  if (wish.kind === 'promotion') await requireChain(environment, wish.bundle, ports);
  const open = await openReleases(environment.name, project, ports);
  const same = open.find(({ bundle, kind }) => bundle === wish.bundle && kind === wish.kind);
  const release = same ?? (await addRelease(wish, project, ports));
  if (same === undefined) await supersede(open, release, ports);
  await ports.jobs.add({ task: 'advance', subject: release.id }, null);
  return release;
}

async function verifiedProject(bundle: Digest, ports: DeliverPorts): Promise<string> {
  const { project } = await ports.bundles.content(bundle);
  const { problems } = await verifyBundle(ports.bundleStore, bundle, []);
  const [first] = problems;
  if (first !== undefined) {
    throw fail('bundle-not-verified', { digest: bundle, problem: `${first.subject}: ${first.problem}` });
  }
  return project;
}

async function requireChain(environment: RegisteredEnvironment, bundle: Digest, ports: DeliverPorts): Promise<void> {
  const { name, after } = environment;
  if (after === null) return;
  const passed = await ports.store.releases({
    environment: after,
    project: null,
    states: null,
    wereLive: true,
    limit: 1000,
  });
  if (!passed.some((release) => release.bundle === bundle)) {
    throw fail('release-out-of-order', { environment: name, after, bundle });
  }
}

async function openReleases(environment: string, project: string, ports: DeliverPorts): Promise<ReleaseRow[]> {
  const states = ['asked', 'waiting', 'rolling-out'] as const;
  return ports.store.releases({ environment, project, states, wereLive: false, limit: 100 });
}

async function addRelease(wish: ReleaseWish, project: string, ports: DeliverPorts): Promise<ReleaseRow> {
  const { bundle, environment, kind, requestedBy, following } = wish;
  const id = following === null ? `rel-${ports.ids.next()}` : followingId(following, environment);
  const at = ports.clock.now();
  const authors = [...new Set([...(await authorsIn(ports.bundleStore, bundle)), ...wish.authors])];
  const findings = await findingsOf(ports.bundleStore, bundle, await ports.trusted());
  await ports.store.addRelease(
    { id, project, bundle, environment, kind, requestedBy, authors, requestedAt: at, findings, following },
    {
      at,
      actor: requestedBy,
      action: 'release.asked',
      subject: id,
      detail: { environment, project, bundle, kind, following, authors, findings: findings.digest },
    },
  );
  const row = await ports.store.release(id);
  if (row === null) throw new Error(`askRelease: ${id} was added and is not there`);
  return row;
}

/** Derived, so that a release brings about one release in the next environment, however often that is asked. */
function followingId(release: string, environment: string): string {
  return `rel-${createHash('sha256').update(`${release}\n${environment}`).digest('hex').slice(0, 12)}`;
}

async function supersede(open: readonly ReleaseRow[], by: ReleaseRow, ports: DeliverPorts): Promise<void> {
  for (const older of open.filter(({ state }) => state !== 'rolling-out')) {
    const because = `superseded before it began: ${by.id} was asked after it`;
    const at = ports.clock.now();
    await ports.store.moveRelease({
      id: older.id,
      from: ['asked', 'waiting'],
      to: 'superseded',
      because,
      at,
      audit: {
        at,
        actor: by.requestedBy,
        action: 'release.superseded',
        subject: older.id,
        detail: { environment: older.environment, because },
      },
    });
  }
}
