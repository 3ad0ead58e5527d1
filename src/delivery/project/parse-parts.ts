import type { ZodType } from 'zod';
import type { Finding } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ProjectPart } from './project.ts';
import { namedPart, type PartSchemas } from './project-schema.ts';
import { projectFinding, readWithSchema, unknownKey, type YamlPlace } from './read-with-schema.ts';

/** `places` says where in headgate.yaml each part stands, in the order of `parts`. */
export type ReadParts = { parts: ProjectPart[]; places: PropertyKey[][]; findings: Finding[] };

/** Reads the `parts` of headgate.yaml. A part that cannot be read is left out and reported. */
export function readParts(input: { declared: unknown; schemas: PartSchemas; place: YamlPlace }): ReadParts {
  const { declared, schemas, place } = input;
  const result: ReadParts = { parts: [], places: [], findings: [] };
  if (declared === null || declared === undefined) return result;
  if (typeof declared !== 'object' || Array.isArray(declared)) {
    result.findings.push(wrongShape(place, ['parts'], '`parts` must hold a list of parts for each target.'));
    return result;
  }
  for (const [target, list] of Object.entries(declared)) {
    const schema = Object.entries(schemas).find(([id]) => id === target)?.[1];
    if (schema === undefined) {
      result.findings.push(unknownKey({ key: target, known: Object.keys(schemas), path: ['parts'], place }));
    } else {
      readTarget({ target, list, schema, place }, result);
    }
  }
  return result;
}

type TargetInput = { target: string; list: unknown; schema: ZodType; place: YamlPlace };

function readTarget(input: TargetInput, result: ReadParts): void {
  const { target, list, schema, place } = input;
  if (list === null || list === undefined) return;
  if (!Array.isArray(list)) {
    result.findings.push(wrongShape(place, ['parts', target], `\`parts.${target}\` must be a list.`));
    return;
  }
  const named = namedPart(schema);
  list.forEach((declared: unknown, index) => {
    const at = ['parts', target, index];
    const read = readWithSchema(named, declared, { ...place, at });
    result.findings.push(...read.findings);
    const part = read.value === null ? null : partOf(target, read.value);
    if (part === null) return;
    if (result.parts.some((other) => other.target === target && other.part.name === part.part.name)) {
      result.findings.push(duplicate(place, at, part));
      return;
    }
    result.parts.push(part);
    result.places.push(at);
  });
}

function partOf(target: string, value: unknown): ProjectPart | null {
  if (value === null || typeof value !== 'object' || !('name' in value) || typeof value.name !== 'string') return null;
  const { name, ...rest } = value;
  // The schemas of parts accept JSON only.
  return { target, part: { name, settings: rest as JsonObject } };
}

function duplicate(place: YamlPlace, at: PropertyKey[], part: ProjectPart): Finding {
  return projectFinding({
    check: 'project-duplicate-part',
    path: place.file,
    line: place.yaml.lineOf([...at, 'name']),
    message: `Two parts are named \`${part.target}/${part.part.name}\`; the second one was left out.`,
    hint: 'Give each part of a target a name of its own.',
  });
}

function wrongShape(place: YamlPlace, at: PropertyKey[], message: string): Finding {
  return projectFinding({
    check: 'project-wrong-type',
    path: place.file,
    line: place.yaml.lineOf(at),
    message,
    hint: 'A part is written as `- name: main` with its settings below it.',
  });
}
