import { installedPackages } from '../../base/python/installed-packages.ts';
import { runtimePresent } from '../../base/python/runtime.ts';
import type { DeployedRuntime } from '../contract.ts';
import type { SparkEnvironment } from './environment-settings.ts';

/**
 * The packages of the Python that has the environment's pyspark. Null while the shipped runtime is not set up here. A
 * cluster's own cannot be asked from here.
 */
export async function deployedRuntime(settings: Pick<SparkEnvironment, 'python'>): Promise<DeployedRuntime | null> {
  const python = settings.python ?? runtimePresent('spark')?.python ?? null;
  if (python === null) return null;
  return { saidBy: 'the Python that has its pyspark', versions: await installedPackages(python), tells: ['*'] };
}
