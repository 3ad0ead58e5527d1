import type { Json, JsonObject } from '../../../model/json.ts';
import type { ProjectFiles } from '../../../model/project-files.ts';
import { folderOf } from '../../../model/proposals.ts';
import { type HclBody, readHcl } from './hcl-reader.ts';

/** `text` is the block as it is written, for the comments in it; empty for what only a plan has. */
export type Resource = {
  address: string;
  mode: 'managed' | 'data';
  type: string;
  path: string | null;
  line: number | null;
  body: HclBody;
  text: string;
};

/** The resources and data sources that the .tf files right in a folder declare, and whether all get tags from their provider. */
export function resourcesIn(files: ProjectFiles, folder: string): { resources: Resource[]; defaultTags: boolean } {
  const paths = files.entries
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.tf') && folderOf(path) === folder);
  let defaultTags = false;
  const resources = paths.flatMap((path) => {
    const text = files.text(path) ?? '';
    const lines = text.split('\n');
    return readHcl(text).blocks.flatMap(({ kind, labels, line, body, text: block }): Resource[] => {
      if (kind === 'provider' && body.blocks.some((inner) => inner.kind === 'default_tags')) defaultTags = true;
      const [type = '', name = ''] = labels;
      if ((kind !== 'resource' && kind !== 'data') || name === '') return [];
      const mode = kind === 'data' ? 'data' : 'managed';
      const address = mode === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
      return [{ address, mode, type, path, line, body, text: `${lines[line - 2] ?? ''}\n${block}` }];
    });
  });
  return { resources, defaultTags };
}

/** A field as text, number or the like; undefined when it is absent or not known before the apply. */
export function literal(body: HclBody, name: string): Json | undefined {
  const found = body.attributes.get(name);
  return found?.known === true ? found.value : undefined;
}

/** Whether the field is given at all, known or not. */
export function isGiven(body: HclBody, name: string): boolean {
  const found = body.attributes.get(name);
  return (
    (found !== undefined && !(found.known && found.value === null)) || body.blocks.some(({ kind }) => kind === name)
  );
}

export function blocksOf(body: HclBody, kind: string): HclBody[] {
  return body.blocks
    .filter((block) => block.kind === kind || (block.kind === 'dynamic' && block.labels[0] === kind))
    .map((block) =>
      block.kind === 'dynamic'
        ? (block.body.blocks.find((inner) => inner.kind === 'content')?.body ?? block.body)
        : block.body,
    );
}

/** What a plan says that a resource will be, in the form of its declaration: lists of maps are blocks. */
export function bodyOfPlanned(after: JsonObject): HclBody {
  const body: HclBody = { attributes: new Map(), blocks: [] };
  for (const [name, value] of Object.entries(after)) {
    const inner = Array.isArray(value) && value.length > 0 ? value.flatMap((one) => (isObject(one) ? [one] : [])) : [];
    if (inner.length === 0) body.attributes.set(name, { known: true, value });
    for (const one of inner) {
      body.blocks.push({ kind: name, labels: [], line: 1, body: bodyOfPlanned(one), text: '' });
    }
  }
  return body;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
