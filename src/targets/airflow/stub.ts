import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Digest, parseDigest, shortOf, type UnitKey } from '../../model/identifiers.ts';
import type { Pointer } from '../../model/step.ts';

/** Runs that go on with an earlier release: by DAG id and run id, the bundle and the part's blob. */
export type Pins = { [dagId: string]: { [runId: string]: [bundle: Digest, part: Digest] } };

/**
 * All that one stub says. `source` is the DAG file inside the part and `home` the way from the stub's folder to the
 * release home. `paths` are the folders of the part that go on sys.path, for each bundle that is live or pinned.
 * `draining`: runs under way go on, no further run starts.
 */
export type Stub = {
  unit: UnitKey;
  live: Pointer;
  source: string;
  home: string;
  paths: { [bundle: string]: string[] };
  dagIds: string[];
  draining: boolean;
  pins: Pins;
  /** Differs from that of the stub before it; see `padding`. */
  serial: number;
};

/** Serials are taken modulo this: more than there are milliseconds in a second. */
const SERIALS = 1024;

const STUB_VERSION = 1;
const MARKER = '# {constants}';
const BEGIN = '# -- what is live: one write of this file changes all of it at once';
const END = '# -- end';
const template = readFileSync(new URL('./stub.py', import.meta.url), 'utf8');

const Hash = z.string().transform((text, context): Digest => {
  const digest = parseDigest(text);
  if (digest !== null) return digest;
  context.addIssue({ code: 'custom', message: 'not a digest' });
  return z.NEVER;
});

/** A record of any names at all: zod's own leaves `__proto__` out, which is a DAG id like another. */
function named<Value>(shape: z.ZodType<Value>): z.ZodType<{ [name: string]: Value }> {
  return z
    .custom<object>((value) => value !== null && typeof value === 'object')
    .transform((value, context) => {
      const entries = Object.entries(value).map(([name, held]) => [name, shape.safeParse(held)] as const);
      if (entries.some(([, held]) => !held.success)) context.addIssue({ code: 'custom', message: 'not such a record' });
      return Object.fromEntries(entries.flatMap(([name, held]) => (held.success ? [[name, held.data]] : [])));
    });
}

const Constants = z.object({
  STUB_VERSION: z.literal(STUB_VERSION),
  UNIT: z.string(),
  BUNDLE: Hash,
  PART: Hash,
  FINGERPRINT: Hash,
  SOURCE: z.string(),
  HOME: z.string(),
  SYS_PATH: z.record(z.string(), z.array(z.string())),
  DAG_IDS: z.array(z.string()),
  DRAINING: z.union([z.literal(0), z.literal(1)]),
  PINS: named(named(z.tuple([Hash, Hash]))),
  SERIAL: z.int().min(0),
});

/** The Python file. The constants are written as JSON that Python reads alike: no true, false or null. */
export function renderStub(stub: Stub): string {
  const constants = {
    STUB_VERSION,
    UNIT: stub.unit,
    BUNDLE: stub.live.bundle,
    PART: stub.live.part,
    FINGERPRINT: stub.live.fingerprint,
    SOURCE: stub.source,
    HOME: stub.home,
    SYS_PATH: stub.paths,
    DAG_IDS: stub.dagIds,
    DRAINING: stub.draining ? 1 : 0,
    PINS: stub.pins,
    SERIAL: stub.serial % SERIALS,
  };
  const lines = Object.entries(constants).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  const text = template.replace(MARKER, () => lines.join('\n'));
  return text + padding(text, stub.serial % SERIALS);
}

/**
 * Python knows compiled code of a file again by the second it was written in and its size, and would run an old stub in
 * place of a new one of the same second. So the size of every stub, in bytes, is its serial modulo SERIALS.
 */
function padding(text: string, serial: number): string {
  const size = Buffer.byteLength(text) + '# \n'.length;
  const missing = (((serial - size) % SERIALS) + SERIALS) % SERIALS;
  return `# ${'.'.repeat(missing)}\n`;
}

/** A serial for a stub that is written at `now` in place of `before`. */
export function serialAfter(before: Pick<Stub, 'serial'> | null, now: Date): number {
  const serial = now.getTime() % SERIALS;
  return serial === before?.serial ? (serial + 1) % SERIALS : serial;
}

/** What a stub says; null for any other file, such as a DAG that somebody put there by hand. */
export function parseStub(text: string): Stub | null {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END, from);
  if (from === -1 || to === -1) return null;
  const parsed = Constants.safeParse(readConstants(text.slice(from, to)));
  if (!parsed.success) return null;
  const { data } = parsed;
  return {
    unit: data.UNIT as UnitKey,
    live: { bundle: data.BUNDLE, part: data.PART, fingerprint: data.FINGERPRINT },
    source: data.SOURCE,
    home: data.HOME,
    paths: data.SYS_PATH,
    dagIds: data.DAG_IDS,
    draining: data.DRAINING === 1,
    pins: data.PINS,
    serial: data.SERIAL,
  };
}

function readConstants(text: string): { [name: string]: unknown } {
  try {
    // Only \n ends a line here: a name may hold other line ends, which JSON writes as they are.
    const pairs = text.split('\n').map((line) => /^([A-Z_]+) = (.+)$/s.exec(line));
    return Object.fromEntries(
      pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', JSON.parse(pair[2] ?? '')]])),
    );
  } catch {
    return {};
  }
}

/** The tag by which REST shows the release that Airflow has read. */
export function releaseTag(bundle: Digest): string {
  return `headgate:${shortOf(bundle)}`;
}
export const DRAINING_TAG = 'headgate:draining';

/** The pins without those of runs that have ended, and only the paths that are still needed. */
export function tidied(stub: Stub, pins: Pins): Stub {
  const used = new Set([
    stub.live.bundle,
    ...Object.values(pins).flatMap((runs) => Object.values(runs).map(([bundle]) => bundle)),
  ]);
  const paths = Object.fromEntries(Object.entries(stub.paths).filter(([bundle]) => used.has(bundle as Digest)));
  return { ...stub, pins, paths };
}
