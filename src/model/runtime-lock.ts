import { z } from 'zod';

const hex = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** One Python package at one version, with the digests of every file it may be installed from. `marker` as pip writes it. */
export const LockedPackage = z.object({
  name: z.string(),
  version: z.string(),
  marker: z.string().nullable(),
  hashes: z.array(hex),
});
export type LockedPackage = z.infer<typeof LockedPackage>;

/** One jar by its Maven coordinate `group:artifact:version`. */
export const LockedJar = z.object({ coordinate: z.string(), sha256: hex });
export type LockedJar = z.infer<typeof LockedJar>;

/**
 * What a part runs on. `tools` are the versions of what Headgate drives (apache-airflow, dbt-core, pyspark ...).
 * `inputs` are the digests of the files that decided it, by repo-relative path, and of Headgate's own base under `headgate:<runtime>`.
 * `coordinates` are the Maven packages that were asked for; `jars` what they resolved to, theirs included.
 */
export const LockedRuntime = z.object({
  runtime: z.string(),
  python: z.string(),
  tools: z.record(z.string(), z.string()),
  inputs: z.record(z.string(), hex),
  packages: z.array(LockedPackage),
  coordinates: z.array(z.string()),
  jars: z.array(LockedJar),
});
export type LockedRuntime = z.infer<typeof LockedRuntime>;

/** The content of headgate.lock. `parts` names the runtime of each part; parts with equal inputs share one. `images` are as headgate.yaml gives them. */
export const RuntimeLock = z.object({
  version: z.literal(1),
  parts: z.record(z.string(), z.string()),
  images: z.array(z.string()),
  runtimes: z.record(z.string(), LockedRuntime),
});
export type RuntimeLock = z.infer<typeof RuntimeLock>;

/** The name of the lock in the root of a project. */
export const lockFileName = 'headgate.lock';
