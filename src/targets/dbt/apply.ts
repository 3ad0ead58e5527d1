import type { Step, StepOf } from '../../model/step.ts';
import type { Direction, Mark, Outcome, Sighting, TargetConnection, TargetWorld } from '../contract.ts';
import { openReleaseHome } from '../release-home/open-home.ts';
import {
  actOnWholePart,
  inspectWholeParts,
  isWholePartStep,
  lookAtWholePart,
  type WholeParts,
} from '../release-home/whole-part-steps.ts';
import type { Build } from './build.ts';
import { dbtClient, runsFolder } from './client.ts';
import { DbtEnvironment } from './environment-settings.ts';
import { health } from './health.ts';
import { inPlaceBuild } from './in-place-build.ts';
import { examine, stops } from './inspect.ts';
import { deployedRuntime } from './runtime.ts';

/** Connects to the dbt projects of an environment: a release home to deliver into, and a build in the warehouse. */
export async function connect(given: unknown, world: TargetWorld): Promise<TargetConnection> {
  const settings = DbtEnvironment.parse(given);
  const home = await openReleaseHome(settings);
  const build = inPlaceBuild({ home, world, client: dbtClient(settings, world), runs: runsFolder(settings) });
  const parts: WholeParts = {
    target: 'dbt',
    home,
    world,
    examine: (unit, pointer) => examine(settings, world, { unit, pointer }),
    async stops(unit, disabled) {
      const live = (await home.readPointer(unit))?.pointer ?? null;
      return live !== null && stops(world, live.bundle, unit, disabled);
    },
  };
  const inspect = () => inspectWholeParts(parts);
  return {
    inspect,
    look: (step, direction) => look(parts, build, { step, direction }),
    act: (step, direction, mark) => act(parts, build, { step, direction, mark }),
    health: (assets) => health(parts, { inspect, build }, assets),
    runtime: () => deployedRuntime(settings),
    held: () => home.held(),
    collect: (order) => home.collect(order),
    close: () => home.close(),
  };
}

async function look(
  parts: WholeParts,
  build: Build,
  { step, direction }: { step: Step; direction: Direction },
): Promise<Sighting> {
  if (isWholePartStep(step)) return lookAtWholePart(parts, step, direction);
  if (step.kind !== 'build') return { at: 'elsewhere', found: `a step that dbt does not have (${step.kind})` };
  const state = await build.state(step.unit, versionAfter(step, direction));
  if (state === 'built') return { at: 'after' };
  return state === 'running' ? { at: 'underway', detail: 'dbt is building' } : { at: 'before' };
}

async function act(
  parts: WholeParts,
  build: Build,
  { step, direction, mark }: { step: Step; direction: Direction; mark: Mark },
): Promise<Outcome> {
  if (isWholePartStep(step)) return actOnWholePart(parts, step, { direction, mark });
  if (step.kind !== 'build') throw new Error(`dbt has no step ${step.kind}`);
  return build.build({ unit: step.unit, to: versionAfter(step, direction), mark });
}

function versionAfter(step: StepOf<'build'>, direction: Direction) {
  return direction === 'forward' ? step.to : step.from;
}
