import { z } from 'zod';
import type { ProjectFiles } from '../../../model/project-files.ts';

/** A suite of Great Expectations, of any version since 0.10. `data`: the CSV file that it is run on; null when none is known. */
export type Suite = {
  path: string;
  name: string;
  expectations: { type: string; kwargs: { [name: string]: unknown } }[];
  data: { path: string; guessed: boolean } | null;
};

const Kwargs = z.record(z.string(), z.unknown()).default({});
const Expectation = z
  .union([
    z.object({ type: z.string(), kwargs: Kwargs }),
    z
      .object({ expectation_type: z.string(), kwargs: Kwargs })
      .transform(({ expectation_type: type, kwargs }) => ({ type, kwargs })),
  ])
  .transform(({ type, kwargs }) => ({ type, kwargs: withoutBatch(kwargs) }));
const File = z.object({
  name: z.string().optional(),
  expectation_suite_name: z.string().optional(),
  expectations: z.array(Expectation).min(1),
  meta: z.object({ headgate_data: z.string().optional() }).nullish(),
});

/** Words that say how grave a suite is, not what it is about. */
const GRAVITY = /[._-](?:suite|warning|critical|failure|expectations|validation|quality)$/i;

/** The suites in folders named `expectations`, each with the seed or source data that it names or that bears its name. */
export function findSuites(files: ProjectFiles): Suite[] {
  const data = dataByName(files);
  return files.entries.flatMap(({ path }) => {
    if (!/(?:^|\/)expectations\/.*\.json$/.test(path)) return [];
    const read = File.safeParse(parsed(files.text(path) ?? ''));
    if (!read.success) return [];
    const file = path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
    const name = read.data.name ?? read.data.expectation_suite_name ?? file;
    const named = read.data.meta?.headgate_data;
    const guess = [name, file]
      .flatMap(namesIn)
      .map((one) => data.get(one))
      .find((one) => one !== undefined);
    const found =
      named !== undefined
        ? { path: named, guessed: false }
        : guess === undefined
          ? null
          : { path: guess, guessed: true };
    const isThere = found !== null && files.entries.some((entry) => entry.path === found.path);
    return [{ path, name, expectations: read.data.expectations, data: isThere ? found : null }];
  });
}

/** `orders.warning` and `orders_suite` are about `orders`. */
function namesIn(name: string): string[] {
  const found = [name.toLowerCase()];
  for (let rest = name.toLowerCase(); GRAVITY.test(rest); found.push(rest)) rest = rest.replace(GRAVITY, '');
  return found;
}

/** CSV files of seeds and of sources by name, sources also as `source.table`; a name that two files have is nobody's. */
function dataByName(files: ProjectFiles): Map<string, string> {
  const found = new Map<string, string[]>();
  for (const { path } of files.entries) {
    const match = /(?:^|\/)(?:seeds?|data|source-data)\/(?:.*\/)?(?:([^/]+)\/)?([^/]+)\.csv$/.exec(path);
    const [, folder, name = ''] = match ?? [];
    if (match === null) continue;
    for (const one of folder === undefined ? [name] : [name, `${folder}.${name}`]) {
      found.set(one.toLowerCase(), [...(found.get(one.toLowerCase()) ?? []), path]);
    }
  }
  return new Map([...found].flatMap(([name, paths]) => (paths.length === 1 ? [[name, paths[0] ?? '']] : [])));
}

/** What a suite of old has from the batch that it was made on. */
function withoutBatch(kwargs: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(
    Object.entries(kwargs).filter(([name]) => !['batch_id', 'result_format', 'catch_exceptions'].includes(name)),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
