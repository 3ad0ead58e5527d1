import type { Step } from '../../model/step.ts';
import type { TargetConnection, TargetWorld } from '../contract.ts';
import { openReleaseHome } from '../release-home/open-home.ts';
import {
  actOnWholePart,
  inspectWholeParts,
  isWholePartStep,
  lookAtWholePart,
  type WholePartStep,
  type WholeParts,
} from '../release-home/whole-part-steps.ts';
import { sparkClient } from './client.ts';
import { SparkEnvironment } from './environment-settings.ts';
import { health } from './health.ts';
import { examine } from './inspect.ts';
import { deployedRuntime } from './runtime.ts';

/** Connects to the Spark jobs of an environment: a release home that `headgate-run spark <job>` reads. */
export async function connect(given: unknown, world: TargetWorld): Promise<TargetConnection> {
  const settings = SparkEnvironment.parse(given);
  const home = await openReleaseHome(settings);
  const examination = { settings, world, client: sparkClient(settings) };
  const parts: WholeParts = {
    target: 'spark',
    home,
    world,
    examine: (unit, pointer) => examine(examination, unit, pointer),
    stops: async () => true,
  };
  return {
    inspect: () => inspectWholeParts(parts),
    look: async (step, direction) => lookAtWholePart(parts, known(step), direction),
    act: async (step, direction, mark) => actOnWholePart(parts, known(step), { direction, mark }),
    health: async (assets) => health(parts, await inspectWholeParts(parts), assets),
    runtime: () => deployedRuntime(settings),
    held: () => home.held(),
    collect: (order) => home.collect(order),
    close: () => home.close(),
  };
}

function known(step: Step): WholePartStep {
  if (isWholePartStep(step)) return step;
  throw new Error(`spark has no step ${step.kind}`);
}
