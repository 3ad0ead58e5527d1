import { type Digest, digestOf, type PartKey, partKey } from '../../../model/identifiers.ts';
import { folderOf, joinPath } from '../../../model/join-path.ts';
import { canonicalJson, type Json } from '../../../model/json.ts';
import { normalFolder } from '../../../model/path-schema.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import type { Project } from '../../project/project.ts';

/** One of Headgate's own runtimes as a base: its requirements text, and which packages are the tools that Headgate drives. */
export type BaseRuntime = { name: string; requirements: string; tools: readonly string[] };

/**
 * What a part's runtime is to be made from. `requirements` are the project's own files by path, each with its text;
 * empty means that the base alone is enough. `inputs` are digests; equal inputs make equal runtimes.
 */
export type WantedRuntime = {
  parts: PartKey[];
  base: BaseRuntime;
  requirements: { path: string; text: string }[];
  coordinates: string[];
  inputs: { [input: string]: Digest };
};

/** The runtimes that a project's parts need, by id. A part whose target has no base of its own needs none. */
export function wantedRuntimes(input: {
  project: Project;
  files: ProjectFiles;
  bases: { [target: string]: BaseRuntime };
}): Map<string, WantedRuntime> {
  const wanted = new Map<string, WantedRuntime>();
  for (const { target, part } of input.project.parts) {
    const base = Object.hasOwn(input.bases, target) ? input.bases[target] : undefined;
    if (base === undefined) continue;
    const requirements = requirementFiles(input.files, part.settings);
    const coordinates = textsOf(part.settings.packages).sort();
    const inputs = inputsOf(base, requirements);
    const id = `${base.name}-${digestOf(canonicalJson({ inputs, coordinates })).slice(7, 19)}`;
    const same = wanted.get(id);
    const key = partKey(target, part.name);
    if (same === undefined) wanted.set(id, { parts: [key], base, requirements, coordinates, inputs });
    else same.parts.push(key);
  }
  return wanted;
}

function inputsOf(base: BaseRuntime, requirements: readonly { path: string; text: string }[]): WantedRuntime['inputs'] {
  const own = requirements.map(({ path, text }) => [path, digestOf(text)] as const);
  return Object.fromEntries([[`headgate:${base.name}`, digestOf(base.requirements)] as const, ...own]);
}

/** The requirements that the part names, else requirements.txt in its folder; and the files that these include (`-r`, `-c`). */
function requirementFiles(
  files: ProjectFiles,
  settings: { [setting: string]: Json },
): { path: string; text: string }[] {
  const named = settings.requirements;
  const folder = settings.path;
  const first =
    typeof named === 'string' ? normalFolder(named) : typeof folder === 'string' ? beside(normalFolder(folder)) : null;
  const found = new Map<string, string>();
  const waiting = first === null ? [] : [first];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const text = files.text(path);
    if (text === null || found.has(path)) continue;
    found.set(path, text);
    waiting.push(...includedBy(path, text));
  }
  return [...found].map(([path, text]) => ({ path, text }));
}

function beside(folder: string): string {
  return folder === '' ? 'requirements.txt' : `${folder}/requirements.txt`;
}

function includedBy(path: string, text: string): string[] {
  const folder = folderOf(path);
  return [...text.matchAll(/^\s*(?:-r|-c|--requirement|--constraint)[ =]\s*([^\s#]+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((included) => included !== '' && !/^[a-z]+:\/\//i.test(included))
    .map((included) => joinPath(folder, included));
}

function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
