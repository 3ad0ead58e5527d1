import type { CodeComparison } from '../../../base/python-meaning/compare-programs.ts';
import { isInside } from '../../../model/path-schema.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { Said } from '../../code-changes/said.ts';

/** Files that Airflow or Python itself loads into every DAG. */
const loaded = /(^|\/)(airflow_local_settings|sitecustomize|usercustomize|cluster_policies)\.py$/;

/** What differs in code that every DAG of the part is loaded with: plugins, cluster policies, Python's own start-up files. */
export function pluginsSaid(
  code: CodeComparison,
  files: { base: ProjectFiles; head: ProjectFiles },
  near: readonly string[],
): Said[] {
  const texts = (path: string) => [files.base.text(path), files.head.text(path)];
  const everywhere = (path: string) =>
    loaded.test(path) || texts(path).some((text) => text?.includes('AirflowPlugin') === true);
  const paths = new Set([...files.base.entries, ...files.head.entries].map(({ path }) => path));
  if (code.changed.size === 0) return [];
  return [...paths]
    .filter((path) => path.endsWith('.py') && near.some((folder) => isInside(path, folder)) && everywhere(path))
    .sort()
    .filter((path) => {
      const there = texts(path).every((text) => text !== null);
      if (there && !code.mayReach({ base: path, head: path })) return false;
      return !there || code.differences(code.program('base', path), code.program('head', path)).length > 0;
    })
    .map((path) => ({ effect: 'unknown', because: `\`${path}\`, which is loaded with every DAG, changed` }));
}
