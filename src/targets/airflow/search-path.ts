import { normalFolder } from '../../model/path-schema.ts';
import type { AirflowPart } from './config.ts';

/** As Airflow puts them on Python's path, then the folders above, which many deployments put there as well. */
export function searchPath(settings: AirflowPart): string[] {
  const dags = normalFolder(settings.dags);
  const above = dags.split('/').map((_, index, all) => all.slice(0, all.length - 1 - index).join('/'));
  return [...new Set([dags, ...besideDags(settings), ...above, ''])];
}

/** Folders other than the DAGs' own whose files DAGs usually load or read. */
export function besideDags(settings: AirflowPart): string[] {
  const above = normalFolder(settings.dags).split('/').slice(0, -1).join('/');
  const beside = ['plugins', 'config', 'include', 'src'].map((name) => normalFolder(`${above}/${name}`));
  return [...(settings.paths ?? []).map(normalFolder), ...beside];
}
