import { targets } from '../../targets/registry.ts';
import { projectChecks } from '../checks/project-checks.ts';

/** What each check asks, by its name: the words that a passed check is told with. */
export function checkTitles(): { [check: string]: string } {
  const checks = [...projectChecks, ...targets.flatMap((target) => target.checks)];
  return Object.fromEntries(checks.map(({ name, title }) => [name, title]));
}
