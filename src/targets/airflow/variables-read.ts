import { importGraph } from '../../base/python-source/import-closure.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { AirflowPart } from './config.ts';
import type { Dag } from './dag-assets.ts';
import { searchPath } from './search-path.ts';

const READ = /\bVariable\s*\.\s*get\s*\(\s*(?:key\s*=\s*)?["']([\w.-]+)["']|\bvar\.(?:value|json)\.(\w+)/g;

/** The Airflow Variables that a file and the project's modules that it loads name, in code and in templates, sorted. */
export function variablesReader(files: ProjectFiles, settings: AirflowPart): (file: string) => string[] {
  const among = files.entries.map(({ path }) => path).filter((path) => path.endsWith('.py'));
  const loaded = importGraph({ files, folders: searchPath(settings), among });
  const known = new Map<string, string[]>();
  const namesIn = (path: string): string[] => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const names = [...(files.text(path) ?? '').matchAll(READ)].map(([, first, second]) => first ?? second ?? '');
    known.set(path, names);
    return names;
  };
  return (file) => [...new Set((loaded([file]) ?? [file]).flatMap(namesIn))].sort();
}

/** The DAG with what it reads, where it reads any. */
export function withVariables(dag: Dag, variables: string[]): Dag {
  return variables.length === 0 ? dag : { ...dag, more: { ...dag.more, variables } };
}
