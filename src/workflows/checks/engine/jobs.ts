import type { Cache } from '../../../base/cache/cache.ts';
import type { FileDigests } from '../../../base/cache/file-digests.ts';
import { runtimeIdentities } from '../../../base/python/runtime-identity.ts';
import type { Catalog } from '../../../delivery/catalog/catalog.ts';
import { placesOf } from '../../../delivery/project/check-places.ts';
import type { CheckControl, CheckWeight } from '../../../model/check-running.ts';
import { digestOf, partKey } from '../../../model/identifiers.ts';
import { canonicalJson } from '../../../model/json.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { CheckInput, TargetCheck } from '../../../targets/contract.ts';
import { targetById } from '../../../targets/registry.ts';
import type { ProjectReading } from '../../project/read-project.ts';
import { type AskedCatalog, digestsFor, sealedPart } from '../asked-catalog.ts';
import { checkInputs, withDiscovery } from '../check-inputs.ts';
import type { ProjectBase } from '../project-base.ts';
import type { ProjectCheck, ProjectCheckInput } from '../project-check.ts';
import { declaredInput, type FieldNeeds } from './declared-input.ts';
import type { Job } from './job.ts';
import { type AnyCheck, prepareCheck } from './prepare-job.ts';

export type JobsInput = {
  reading: ProjectReading;
  catalog: AskedCatalog;
  environment: string | null;
  exact: 'auto' | 'never';
  cache: Cache | null;
  projectChecks: readonly ProjectCheck[];
  today: string;
  /** What a change is judged against; null: nothing. */
  base: ProjectBase | null;
};

const DEFAULT_WEIGHT: CheckWeight = { cores: 1, memoryMb: 256 };

/** Every check that this project can be asked; those of a target once for each of its parts. */
export function jobsOf(input: JobsInput): Job[] {
  const digests = digestsFor(input.reading.files);
  let known: ReturnType<typeof runtimeIdentities> | null = null;
  const runtimes = () => {
    known ??= runtimeIdentities();
    return known;
  };
  const inputs = checkInputs(input);
  const ofParts = inputs.flatMap(({ target, input: one }) =>
    targetById(target).checks.map((check) =>
      partJob(
        check,
        target,
        { ...one, cache: input.cache, base: input.base?.ofPart(target, one.part) ?? null },
        { input, digests, runtimes },
      ),
    ),
  );
  return [...ofParts, ...input.projectChecks.map((check) => projectJob(check, { input, digests, runtimes }))];
}

type World = { input: JobsInput; digests: FileDigests; runtimes: () => ReturnType<typeof runtimeIdentities> };

/** Fields of a part check's input, and what must be declared to look at them. */
const PART_NEEDS: FieldNeeds = {
  values: ['values'],
  environment: ['values'],
  environments: ['values'],
  valueNames: ['settings'],
  declared: ['settings'],
  ownerOf: ['settings'],
  siblings: ['settings', 'discovery'],
  discovery: ['discovery'],
  base: ['base'],
};

function partJob(
  check: TargetCheck,
  target: string,
  input: CheckInput,
  { input: world, digests, runtimes }: World,
): Job {
  const { reading } = world;
  const places = placesOf(targetById(target).partSettings, input.part.settings);
  const subject = partKey(target, input.part.name);
  return {
    ...described(check, subject, reading.root),
    prepare: () =>
      prepareCheck({
        ...{ check, subject, root: reading.root, files: reading.files, digests, runtimes, today: world.today },
        complaints: reading.complaints,
        catalog: world.catalog,
        places,
        inputOver: (files, control, catalog) => {
          const seen = catalog === null ? withoutDiscovery(check) : check;
          const found = catalog === null ? input : withDiscovery(input, target, catalog);
          const siblings = siblingsFor(seen, found);
          return declaredInput({ ...found, files, siblings, ...controlled(control) }, seen, PART_NEEDS);
        },
        always: [target, input.part, input.exact],
        facts: {
          settings: () => [
            ...[input.declared, input.valueNames, reading.project.owner, reading.project.assetRules],
            ...[reading.project.name, input.siblings.map(({ part }) => digestOfJson(part))],
          ],
          values: () => [input.values, input.environment, input.environments],
          discovery: async () => {
            const seal = await world.catalog.seal();
            return [input.part, ...input.siblings.map(({ part }) => part)].map(({ name }) =>
              sealedPart(seal, target, name),
            );
          },
          base: () => world.base?.commit ?? null,
        },
      }),
  };
}

type Declaring = Pick<TargetCheck, 'name' | 'dependsOn'>;

function withoutDiscovery({ name, dependsOn }: Declaring): Declaring {
  return { name, dependsOn: dependsOn.filter((one) => one !== 'discovery') };
}

/** What was found in the other parts is for those that declare it. */
function siblingsFor(check: Declaring, { siblings }: CheckInput): CheckInput['siblings'] {
  return siblings.map((one) => declaredInput(one, check, { discovery: ['discovery'] }));
}

/** In the place of a catalogue that is not to be looked at. */
const EMPTY: Catalog = { assets: [], edges: [], findings: [], discoveries: new Map() };

/** The same for a check over the whole project. */
const PROJECT_NEEDS: FieldNeeds = { catalog: ['discovery'], environment: ['values'] };
const READING_NEEDS: FieldNeeds = { project: ['settings'], declared: ['settings'], findings: ['settings'] };

function projectJob(check: ProjectCheck, { input: world, digests, runtimes }: World): Job {
  const { reading, environment, cache } = world;
  const inputOver = (files: ProjectFiles, control: CheckControl | null, catalog: Catalog | null): ProjectCheckInput =>
    declaredInput(
      {
        ...{ catalog: catalog ?? EMPTY, environment, cache, ...controlled(control) },
        reading: declaredInput({ ...reading, files }, check, READING_NEEDS),
      },
      catalog === null ? withoutDiscovery(check) : check,
      PROJECT_NEEDS,
    );
  return {
    ...described(check, null, reading.root),
    prepare: () =>
      prepareCheck({
        ...{
          check,
          subject: null,
          root: reading.root,
          files: reading.files,
          digests,
          runtimes,
          today: world.today,
          inputOver,
          catalog: world.catalog,
        },
        complaints: reading.complaints,
        places: [],
        always: world.exact,
        facts: {
          settings: () => [{ ...reading.project, checking: null }, reading.declared],
          values: () => [environment, reading.project.environments],
          discovery: async () => (await world.catalog.seal()).all,
        },
      }),
  };
}

function described<Input>(check: AnyCheck<Input>, subject: string | null, root: string): Omit<Job, 'prepare'> {
  return {
    ...{ name: check.name, title: check.title, subject, root },
    slow: check.slow === true,
    weight: check.weight ?? DEFAULT_WEIGHT,
    budgetSeconds: check.budgetSeconds ?? null,
    mayFlake: check.mayFlake === true,
  };
}

function controlled(control: CheckControl | null): { control?: CheckControl } {
  return control === null ? {} : { control };
}

const jsonDigests = new WeakMap<object, string>();

/** The digest of something large, taken once. */
function digestOfJson(value: object): string {
  const digest = jsonDigests.get(value) ?? digestOf(canonicalJson(value));
  jsonDigests.set(value, digest);
  return digest;
}
