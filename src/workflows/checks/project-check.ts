import type { Cache } from '../../base/cache/cache.ts';
import type { Catalog } from '../../delivery/catalog/catalog.ts';
import type { CheckControl, CheckRunning } from '../../model/check-running.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckDependency } from '../../targets/contract.ts';
import type { ProjectReading } from '../project/read-project.ts';

/** What a check over the whole project reads. `environment` null means all of them. */
export type ProjectCheckInput = {
  reading: ProjectReading;
  catalog: Catalog;
  environment: string | null;
  /** Where answers on single files are kept; absent or null: nowhere. */
  cache?: Cache | null;
  /** Absent when a check is called by itself, as its own tests do. */
  control?: CheckControl;
};

/**
 * A check over the whole project, whatever its technologies. Like a target's check it returns only what is wrong, could not
 * be told or does not apply.
 */
export type ProjectCheck = CheckRunning<ProjectCheckInput> & {
  name: string;
  title: string;
  dependsOn: readonly CheckDependency[];
  /** As of a target's check: carried out only when it is asked for. */
  slow?: true;
  run(input: ProjectCheckInput): Promise<Finding[]>;
};
