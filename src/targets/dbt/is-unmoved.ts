import { isDeepStrictEqual } from 'node:util';
import type { UnmovedInput } from '../contract.ts';
import { DbtPart } from './config.ts';
import type { Scan } from './jinja/scan.ts';
import { scanOf } from './static/collect.ts';
import { readDbtProject } from './static/dbt-project.ts';

/**
 * Whether what was found in a dbt project stands, as told from the files alone that differ: of the code of models, snapshots, tests and
 * macros only what its Jinja says counts there, and of seeds that they are there. A project's YAML always counts.
 */
export async function isUnmoved({ files, part, before, changed }: UnmovedInput): Promise<boolean> {
  const code = changed.filter((path) => /\.(sql|py|csv|ya?ml)$/.test(path));
  if (code.some((path) => /\.ya?ml$/.test(path))) return false;
  const { project } = readDbtProject(files, DbtPart.parse(part.settings).path, part.name);
  const [was, is] = [before.files, files].map((one) => new Set(one.entries.map(({ path }) => path)));
  const found = new Set(before.discovery.findings.map(({ path }) => path));
  return code.every((path) => {
    if (was?.has(path) !== true || is?.has(path) !== true) return false;
    if (path.endsWith('.csv')) return true;
    const [old, now] = [before.files.text(path), files.text(path)];
    if (old === null || now === null) return false;
    const [said, says] = [scanOf(path, old, project), scanOf(path, now, project)];
    if (said === null || says === null) return said === says;
    // The line of what is referred to is told only with what is wrong about it.
    return found.has(path) ? isDeepStrictEqual(said, says) : isDeepStrictEqual(withoutLines(said), withoutLines(says));
  });
}

type Lineless = Omit<Scan, 'refs' | 'sources' | 'blocks'> & { refs: object[]; sources: object[]; blocks: object[] };

function withoutLines({ refs, sources, blocks, ...rest }: Scan): Lineless {
  return {
    ...rest,
    refs: refs.map(({ line: _, ...ref }) => ref),
    sources: sources.map(({ line: _, ...source }) => source),
    blocks: blocks.map(({ scan, ...block }) => ({ ...block, scan: withoutLines(scan) })),
  };
}
