import { join } from 'node:path';
import { z } from 'zod';
import { bridgeEnvIdentity } from '../../base/bridge/connection.ts';
import { type AirflowParseParams, BridgeDagFile } from '../../base/bridge/shapes.ts';
import type { CacheTable } from '../../base/cache/cache-table.ts';
import { bytesAsText, type FileDigests, fileDigests, filesBelow } from '../../base/cache/file-digests.ts';
import { ownDigest } from '../../base/cache/own-digest.ts';
import type { Runtime } from '../../base/python/runtime.ts';
import { runtimeIdentity } from '../../base/python/runtime-identity.ts';
import { digestOf } from '../../model/identifiers.ts';
import { canonicalJson } from '../../model/json.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { mentionsDags } from './dag-files.ts';
import { placesIn, type SealInput, sealOf, whyNotKept } from './reading-seal.ts';

/** A DAG file may be read for several states of what it imports, as branches come and go. */
const MOST_STATES = 6;

const KeptReading = z.object({ seal: z.string(), file: BridgeDagFile });
const KeptReadings = z.array(KeptReading);
type KeptReadings = z.infer<typeof KeptReadings>;

/** Readings of the DAG files of one part, each found again while all that it rests on is as it was. */
export type ReadingShelf = {
  /** The files that Airflow would read, when that is known for what the folder holds now. */
  listed(): Promise<string[] | null>;
  keepList(paths: readonly string[]): void;
  find(path: string): Promise<BridgeDagFile | null>;
  /** To be called before files are read; what is kept afterwards was not changed since. */
  begin(): void;
  keep(file: BridgeDagFile): Promise<void>;
};

export type ShelfInput = { table: CacheTable; runtime: Runtime; params: AirflowParseParams; files: ProjectFiles };

export function readingShelf({ table, runtime, params, files }: ShelfInput): ReadingShelf {
  const digests = fileDigests();
  const { files: _files, ...asked } = params;
  const base = digestOf(canonicalJson([ownDigest(), runtimeIdentity(runtime), bridgeEnvIdentity(), asked]));
  const projectNames = namesIn(files);
  const listKey = digestOf(JSON.stringify([base, 'list', folderState(params, digests)]));
  const keyOf = (path: string) => digestOf(JSON.stringify([base, 'file', path]));
  const sealInput = (file: BridgeDagFile, restsOn: SealInput['restsOn']): SealInput => ({
    ...{ root: params.root, restsOn, assumed: file.assumed, digests, projectNames },
  });
  let begun = 0;
  const inProject = new Set(files.entries.map(({ path }) => join(params.root, path)));
  const isAsBegun = (paths: readonly string[]) =>
    digests.areUnchanged(paths) && paths.every((path) => inProject.has(path) || digests.isOlderThan(path, begun));
  const read = async (path: string): Promise<KeptReadings> => parsed(KeptReadings, await table.get(keyOf(path))) ?? [];
  return {
    listed: async () => parsed(z.array(z.string()), await table.get(listKey)),
    keepList: (paths) => table.set(listKey, JSON.stringify(paths)),
    async find(path) {
      const own = join(params.root, path);
      for (const { seal, file } of await read(path)) {
        const { restsOn } = file;
        if (restsOn !== undefined && digests.of(own) !== 'absent' && sealOf(sealInput(file, restsOn)) === seal)
          return file;
      }
      return null;
    },
    begin() {
      begun = Date.now();
      digests.witness(files.entries.map(({ path }) => join(params.root, path)));
    },
    async keep(file) {
      const { restsOn } = file;
      if (restsOn === undefined || whyNotKept(file) !== null) return;
      const seal = sealOf(sealInput(file, restsOn));
      if (!isAsBegun(placesIn(params.root, restsOn))) return;
      const others = (await read(file.path)).filter((one) => one.seal !== seal);
      table.set(keyOf(file.path), JSON.stringify([{ seal, file }, ...others.slice(0, MOST_STATES - 1)]));
    },
  };
}

function parsed<Shape extends z.ZodType>(shape: Shape, text: string | null): z.infer<Shape> | null {
  const read = text === null ? null : shape.safeParse(JSON.parse(text));
  return read?.success === true ? read.data : null;
}

function namesIn(files: ProjectFiles): Set<string> {
  const names = new Set<string>();
  for (const { path } of files.entries) for (const step of path.split('/')) names.add(step.split('.')[0] ?? '');
  return names;
}

/** All that decides which files of the folder Airflow reads: names, what is ignored, and which texts speak of DAGs. */
function folderState(params: AirflowParseParams, digests: FileDigests): string[] {
  const folder = join(params.root, params.dagsFolder.startsWith('/') ? '' : params.dagsFolder);
  const top = params.dagsFolder.startsWith('/') ? params.dagsFolder : folder;
  return filesBelow(top, (name) => name === '__pycache__').map((path) => {
    if (path.endsWith('.py')) return `${path} ${mentionsDags(bytesAsText(path))}`;
    return path.endsWith('.zip') || path.endsWith('.airflowignore') ? `${path} ${digests.of(path)}` : path;
  });
}
