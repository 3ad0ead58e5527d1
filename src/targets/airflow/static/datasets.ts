import { argument, exactText, type Value } from '../../../base/python-source/values.ts';

/** The URIs of the Datasets (Assets in Airflow 3) in a value, as far as they can be read. */
export function datasetUris(value: Value | undefined): string[] {
  if (value?.is === 'list') return [...new Set(value.items.flatMap(datasetUris))];
  if (value?.is !== 'made' || !/\.(Dataset|Asset)$/.test(value.path)) return [];
  const uri = exactText(argument(value.arguments, 0, 'uri', 'name'));
  return uri === null ? [] : [uri];
}
