import { installedPackages } from '../../base/python/installed-packages.ts';
import { runtimePresent } from '../../base/python/runtime.ts';
import type { DeployedRuntime } from '../contract.ts';
import type { DbtEnvironment } from './environment-settings.ts';

/** The packages of the Python that builds the environment. Null while the shipped runtime is not set up here. */
export async function deployedRuntime(settings: Pick<DbtEnvironment, 'python'>): Promise<DeployedRuntime | null> {
  const python = settings.python ?? runtimePresent('dbt')?.python ?? null;
  if (python === null) return null;
  return { saidBy: 'the Python that builds it', versions: await installedPackages(python), tells: ['*'] };
}
