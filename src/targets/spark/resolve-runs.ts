import type { Edge } from '../../model/asset.ts';
import type { KnownAssets, RunResolver } from '../contract.ts';

/** The job that a task runs: by its logical name, or by its application file. A job that is nowhere in the project is no edge. */
export function resolveRuns(known: KnownAssets): RunResolver {
  const jobs = known.assets.filter((asset) => asset.kind === 'spark:job');
  return (from, run) => {
    if (run.kind !== 'spark') return null;
    const file = run.ref.replace(/\{\{[^}]*\}\}|\$\{?\w+\}?/g, '*');
    if (/^[*/]*$/.test(file)) return 'unknown';
    const named = jobs.filter((job) => job.name === run.ref);
    const ending = file.slice(file.lastIndexOf('*') + 1).replace(/^\/+/, '');
    const chosen = named.length > 0 ? named : jobs.filter((job) => isEndOf(job.path ?? '', ending));
    if (chosen.length === 0 && file.includes('*')) return 'unknown';
    return chosen.map((job): Edge => ({ from, to: job.key, kind: 'runs' }));
  };
}

/** Deployed paths share their end with the project's: the longest common end of at least the file's name counts. */
function isEndOf(path: string, ending: string): boolean {
  const wanted = ending.split('/').at(-1) ?? '';
  return (
    wanted !== '' &&
    (path === ending || path.endsWith(`/${ending}`) || ending.endsWith(`/${path}`) || path.split('/').at(-1) === wanted)
  );
}
