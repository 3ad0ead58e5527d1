import { join } from 'node:path';
import type { FileDigests } from '../../../base/cache/file-digests.ts';
import { ownDigest } from '../../../base/cache/own-digest.ts';
import { isToolMissing } from '../../../base/python/runtime-identity.ts';
import type { Catalog } from '../../../delivery/catalog/catalog.ts';
import { type FingerprintParts, fingerprintOf, neverKept } from '../../../delivery/checks/fingerprint.ts';
import type { CheckControl, CheckRunning } from '../../../model/check-running.ts';
import type { Finding } from '../../../model/finding.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { lockFileName } from '../../../model/runtime-lock.ts';
import type { CheckDependency } from '../../../targets/contract.ts';
import type { AskedCatalog } from '../asked-catalog.ts';
import type { Prepared } from './job.ts';
import { type SeenFiles, seenFiles } from './seen-files.ts';

/** A check as both kinds have it. */
export type AnyCheck<Input> = CheckRunning<Input> & {
  name: string;
  title: string;
  dependsOn: readonly CheckDependency[];
  slow?: true;
  run(input: Input): Promise<Finding[]>;
};

export type PrepareInput<Input> = {
  check: AnyCheck<Input>;
  subject: string | null;
  root: string;
  files: ProjectFiles;
  complaints(): Finding[];
  digests: FileDigests;
  /** The runtimes as they are when it begins; see runtimeIdentities. */
  runtimes(): { [name: string]: string | null };
  /** As in `SeenFilesInput`. */
  places: readonly string[] | null;
  /** The check's input over the files that it sees. `catalog` null: without what was found in the project, which it cannot look at. */
  inputOver(view: ProjectFiles, control: CheckControl | null, catalog: Catalog | null): Input;
  catalog: AskedCatalog;
  /** By dependency, what the fingerprint says of it; asked for only where the check declares it. May be a promise. */
  facts: { [Name in CheckDependency]?: () => unknown };
  /** What every check of this kind depends on. */
  always: unknown;
  today: string;
};

/** Takes the fingerprint of a check on a subject, and gives the check what it declared and nothing else. */
export async function prepareCheck<Input>(at: PrepareInput<Input>): Promise<Prepared> {
  const seen = filesSeenBy(at);
  const before = at.inputOver(seen.view, null, null);
  const identity = (await at.check.identity?.(before)) ?? null;
  const looks = at.check.dependsOn.includes('discovery') && ((await at.check.needsDiscovery?.(before)) ?? true);
  const never = neverKept(at.check.dependsOn, identity !== null);
  const isKept = never === null && (at.check.identity === undefined || identity !== null);
  return {
    fingerprint: isKept ? fingerprintOf(await partsOf(at, seen, { identity, looks })) : null,
    run: async (control) => at.check.run(at.inputOver(seen.view, control, looks ? await at.catalog.get() : null)),
    mayLast: (findings) => !isPassing(at.check, findings),
    isStillSo: () => seen.isStillSo(),
    complaints: () => at.complaints().filter(({ path }) => path !== null && seen.asked.has(path)),
  };
}

/** Skipped, perhaps because a tool could not be set up just now. */
function isPassing(check: Pick<AnyCheck<unknown>, 'dependsOn'>, findings: readonly Finding[]): boolean {
  return check.dependsOn.includes('runtime') && findings.some(({ status }) => status === 'skipped') && isToolMissing();
}

function filesSeenBy<Input>(at: PrepareInput<Input>): SeenFiles {
  const { check, root, files, digests, places } = at;
  const sees = (one: CheckDependency) => check.dependsOn.includes(one);
  const any = sees('part-files') || sees('project-files');
  const isRead = any ? (check.reads?.(at.inputOver(files, null, null)) ?? (() => true)) : () => false;
  return seenFiles({
    ...{ root, files, digests, kept: isRead, ignored: sees('ignored-files') },
    places: sees('project-files') ? null : places,
  });
}

/** What every tool that is started gets of this process's environment (see childEnv) and may decide by. */
const MACHINE = ['LANG', 'LANGUAGE', 'LC_ALL', 'LC_CTYPE', 'LC_COLLATE', 'LC_NUMERIC', 'LC_TIME', 'TZ', 'JAVA_HOME'];

function startsTools({ dependsOn }: Pick<AnyCheck<unknown>, 'dependsOn'>): boolean {
  return dependsOn.includes('runtime') || dependsOn.includes('ignored-files');
}

async function partsOf<Input>(
  at: PrepareInput<Input>,
  seen: SeenFiles,
  { identity, looks }: { identity: string | null; looks: boolean },
): Promise<FingerprintParts> {
  const { check, subject, root } = at;
  const shared: { [Name in CheckDependency]?: () => unknown } = {
    runtime: at.runtimes,
    lock: () => at.digests.of(join(root, lockFileName)),
    clock: () => at.today,
  };
  const declared: [CheckDependency, unknown][] = [];
  for (const name of check.dependsOn)
    if (name !== 'discovery' || looks) declared.push([name, (await { ...shared, ...at.facts }[name]?.()) ?? null]);
  return {
    engine: ownDigest(),
    check: check.name,
    title: check.title,
    subject,
    // What a tool says on the disk can name the place that it ran in.
    root: check.dependsOn.includes('ignored-files') ? root : null,
    files: seen.states,
    inputs: {
      always: at.always,
      identity,
      ...Object.fromEntries(declared),
      // Code that is run may ask for the day.
      day: check.mayFlake === true ? at.today : null,
      machine: startsTools(check) ? MACHINE.map((name) => process.env[name] ?? null) : null,
      variables: (check.variables ?? []).map((name) => [name, process.env[name] ?? null]),
    },
  };
}
