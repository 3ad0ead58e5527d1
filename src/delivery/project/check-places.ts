import { z } from 'zod';
import type { Finding } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import { normalFolder, placeKinds } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import type { Project } from './project.ts';
import type { PartSchemas } from './project-schema.ts';
import { projectFinding, type YamlPlace } from './read-with-schema.ts';

export type PlacesInput = {
  project: Project;
  files: ProjectFiles;
  schemas: PartSchemas;
  places: PropertyKey[][];
  place: YamlPlace;
};

/** A finding for each folder or file that a part names and the project does not have. */
export function checkPlaces(input: PlacesInput): Finding[] {
  const there = pathsOf(input.files);
  return input.project.parts.flatMap(({ target, part }, index) => {
    const schema = input.schemas[target];
    const at = input.places[index] ?? [];
    if (!(schema instanceof z.ZodObject)) return [];
    return Object.entries(schema.shape).flatMap(([field, fieldSchema]) =>
      placesIn(fieldSchema, part.settings[field])
        .filter(({ place, path }) => !there[place].has(normalFolder(path)))
        .map(({ place, path }) => missing({ input, part: `${target}/${part.name}`, at: [...at, field], place, path })),
    );
  });
}

/** The folders (the root is the empty text) and files of a project. */
function pathsOf(files: ProjectFiles): { folder: Set<string>; file: Set<string> } {
  const file = new Set(files.entries.map((entry) => entry.path));
  const folder = new Set(['']);
  for (const path of file) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (folder.has(path.slice(0, slash))) break;
      folder.add(path.slice(0, slash));
    }
  }
  return { folder, file };
}

type Place = { place: 'folder' | 'file'; path: string };

/** The folders and files that a part's settings name, normal (the root is the empty text). */
export function placesOf(schema: unknown, settings: JsonObject): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([field, fieldSchema]) =>
    placesIn(fieldSchema, settings[field]).map(({ path }) => normalFolder(path)),
  );
}

function placesIn(schema: unknown, value: unknown): Place[] {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodNullable || at instanceof z.ZodDefault) at = at.unwrap();
  if (at instanceof z.ZodArray && Array.isArray(value)) return value.flatMap((item) => placesIn(at.element, item));
  const kind = at instanceof z.ZodType ? placeKinds.get(at) : undefined;
  return kind !== undefined && typeof value === 'string' ? [{ place: kind.place, path: value }] : [];
}

function missing(found: { input: PlacesInput; part: string; at: PropertyKey[] } & Place): Finding {
  const { input, part, at, place, path } = found;
  return projectFinding({
    check: place === 'folder' ? 'project-missing-folder' : 'project-missing-file',
    path: input.place.file,
    line: input.place.yaml.lineOf(at),
    message: `Part \`${part}\` names the ${place} \`${path}\`, which is not there${place === 'folder' ? ' or is empty' : ''}.`,
    hint: 'Correct the path, or check that it is not ignored by .gitignore or by `ignore`.',
  });
}
