import type { Cache } from '../../base/cache/cache.ts';
import { fail, messageOf } from '../../base/errors.ts';
import { assembleCatalog } from '../../delivery/catalog/assemble-catalog.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import { mergeExact } from '../../delivery/catalog/merge-exact.ts';
import type { Project, ProjectPart } from '../../delivery/project/project.ts';
import type { Finding } from '../../model/finding.ts';
import { type PartKey, partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { DiscoverInput, Discovery, ExactReader, Target } from '../../targets/contract.ts';
import { targetById, targets } from '../../targets/registry.ts';
import type { ProjectReading } from './read-project.ts';

/**
 * `exact`: `auto` asks the real Airflow and dbt where their runtimes are set up, `always` fails with
 * `exact-not-possible` where they are not, `never` reads the text only. `environment` chooses the values the code sees.
 */
export type CatalogOptions = {
  exact: 'auto' | 'never' | 'always';
  environment: string | null;
  /** Where exact readings are kept and found again. Absent or null: everything is read. The caller closes it. */
  cache?: Cache | null;
};

/** How a part's text is read. */
export type Discoverer = (target: Target, input: DiscoverInput) => Promise<Discovery>;

const fromText: Discoverer = (target, input) => target.discover(input);

/** What a catalogue was assembled from, and what came of it. */
type Made = {
  assembled: Catalog;
  discoveries: ReadonlyMap<PartKey, Discovery>;
  project: Project;
  findings: readonly Finding[];
};
const madeFrom = new WeakMap<Catalog, Made>();

/**
 * Lists the assets and edges of a project. One part that goes wrong never takes the others with it. `like` are catalogues that may have
 * been made from the very same discoveries; one that was is not assembled again.
 */
export async function buildCatalog(
  reading: ProjectReading,
  options: CatalogOptions,
  discover: Discoverer = fromText,
  like: readonly Catalog[] = [],
): Promise<Catalog> {
  const values = valuesFor(reading, options.environment);
  const discoveries = new Map<PartKey, Discovery>();
  const findings: Finding[] = [];
  const asked = askExactly(reading, { ...options, values, discover });
  for (const part of reading.project.parts) {
    const read = await discoverPart(reading, part, { ...options, values, discover, exactly: asked.get(part) ?? null });
    discoveries.set(partKey(part.target, part.part.name), read.discovery);
    findings.push(...read.findings);
  }
  const all = [...reading.findings, ...findings];
  const from = { discoveries, project: reading.project, findings: all };
  const same = like.map((one) => madeFrom.get(one)).find((made) => made !== undefined && isMadeOf(made, from));
  const assembled =
    same?.assembled ??
    assembleCatalog({ project: reading.project, discoveries, resolvers: resolvers(), findings: all });
  const catalog = { ...assembled, findings: [...assembled.findings, ...reading.complaints()] };
  madeFrom.set(catalog, { assembled, ...from });
  return catalog;
}

function isMadeOf(made: Made, { discoveries, project, findings }: Omit<Made, 'assembled'>): boolean {
  return (
    made.discoveries.size === discoveries.size &&
    [...discoveries].every(([part, discovery]) => made.discoveries.get(part) === discovery) &&
    isSame(made.project, project) &&
    isSame(made.findings, findings)
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

type Asking = CatalogOptions & { values: { [name: string]: Json }; discover: Discoverer };
/** `exactly`: what the real tool says of the part; null where it is not asked. */
type PartOptions = Asking & { exactly: Promise<ExactSaid> | null };
type ExactSaid = { said: Awaited<ReturnType<ExactReader>> } | { error: unknown };
type PartReading = { discovery: Discovery; findings: Finding[] };

/** Asks the real tools of all parts at once: they are at work while the texts are read. */
function askExactly(reading: ProjectReading, options: Asking): Map<ProjectPart, Promise<ExactSaid>> {
  const asked = new Map<ProjectPart, Promise<ExactSaid>>();
  if (options.exact === 'never') return asked;
  for (const part of reading.project.parts) {
    const { exact } = targetById(part.target);
    const input = {
      ...{ files: reading.files, part: part.part, root: reading.root, values: options.values },
      cache: options.cache ?? null,
      prepare: options.exact === 'always',
    };
    if (exact === null) continue;
    asked.set(
      part,
      exact(input).then(
        (said) => ({ said }),
        (error: unknown) => ({ error }),
      ),
    );
  }
  return asked;
}

async function discoverPart(reading: ProjectReading, part: ProjectPart, options: PartOptions): Promise<PartReading> {
  const target = targetById(part.target);
  const input = { files: reading.files, part: part.part };
  let discovery: Discovery = { assets: [], edges: [], findings: [] };
  const findings: Finding[] = [];
  try {
    discovery = await options.discover(target, input);
  } catch (error) {
    findings.push(couldNotTell(part, 'catalog-static', error));
  }
  if (options.exactly === null) return { discovery, findings };
  const exact = await options.exactly;
  if ('error' in exact) {
    if (options.exact === 'always') throw exact.error;
    findings.push(couldNotTell(part, 'catalog-exact', exact.error));
  } else if ('absent' in exact.said) findings.push(...withoutRuntime(part, options, exact.said.absent));
  else discovery = mergeExact(discovery, exact.said);
  return { discovery, findings };
}

function withoutRuntime(part: ProjectPart, options: PartOptions, why: string): Finding[] {
  const key = partKey(part.target, part.part.name);
  if (options.exact === 'always') throw fail('exact-not-possible', { part: key, why });
  return [
    {
      check: 'catalog-exact',
      asset: null,
      path: null,
      line: null,
      status: 'skipped',
      severity: 'note',
      message: `\`${key}\` was read from its text alone: ${why}.`,
      hint: 'Run `headgate catalog --exact always` once to set the runtime up; from then on keys are exact.',
    },
  ];
}

function couldNotTell(part: ProjectPart, check: string, error: unknown): Finding {
  const how = check === 'catalog-exact' ? 'by its own tool; its text was read instead' : 'from its text';
  return {
    check,
    asset: null,
    path: null,
    line: null,
    status: 'errored',
    severity: 'warning',
    message: `\`${partKey(part.target, part.part.name)}\` could not be read ${how}: ${messageOf(error)}`,
    hint: 'The rest of the catalogue is complete. Run `headgate doctor` if this is about a runtime.',
  };
}

function resolvers(): NonNullable<(typeof targets)[number]['resolveRuns']>[] {
  return targets.flatMap((target) => (target.resolveRuns === null ? [] : [target.resolveRuns]));
}

/** The values the code is read for: those of the environment, else the defaults. Throws `project-environment-unknown`. */
function valuesFor(reading: ProjectReading, environment: string | null): { [name: string]: Json } {
  const { environments, values } = reading.project;
  const defaults = Object.fromEntries(
    values.filter((value) => !value.required).map((value) => [value.name, value.default]),
  );
  if (environment === null) return defaults;
  const chosen = environments.find((candidate) => candidate.name === environment);
  if (chosen === undefined) {
    const known = environments.map((candidate) => candidate.name).join(', ') || 'none';
    throw fail('project-environment-unknown', { environment, known });
  }
  return { ...defaults, ...chosen.values };
}
