import type { Finding } from '../../model/finding.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { checkEnvironments } from './check-environments.ts';
import { checkPlaces } from './check-places.ts';
import { checkingOf } from './checking.ts';
import { readEnvironments } from './parse-environment.ts';
import { readParts } from './parse-parts.ts';
import type { Project } from './project.ts';
import { assetRulesOf, type ProjectFields, valuesOf } from './project-fields.ts';
import { projectFileName } from './project-file-name.ts';
import { type PartSchemas, projectFields } from './project-schema.ts';
import { projectYaml } from './project-yaml.ts';
import { projectFinding, readWithSchema, unknownKey, type YamlPlace } from './read-with-schema.ts';

/** `folderName` is the project's name where headgate.yaml gives none. */
export type ParseInput = { files: ProjectFiles; schemas: PartSchemas; folderName: string };
export type ParsedProject = { project: Project; findings: Finding[] };

/**
 * Reads headgate.yaml and the environment files. Pure, and never throws: whatever cannot be read is left out of the
 * project and has a finding with its line.
 */
export function parseProject(input: ParseInput): ParsedProject {
  const text = input.files.text(projectFileName);
  const yaml = projectYaml(text ?? '');
  const place: YamlPlace = { file: projectFileName, yaml, at: [] };
  const findings = yaml.problems.map((problem) => yamlFinding(projectFileName, problem));
  if (text === null) findings.push(unreadable(input.files));
  const root = objectOrEmpty(yaml.value);
  if (text !== null && root === null) findings.push(notAMap(place));
  const fields = readFields(root ?? {}, place, findings, text !== null && root !== null);
  const read = readParts({ declared: root?.parts, schemas: input.schemas, place });
  const environments = readEnvironments(
    input.files,
    fields.environments ?? 'environments',
    fields.environments !== undefined,
  );
  const project: Project = {
    name: fields.project ?? input.folderName,
    owner: fields.owner ?? null,
    parts: read.parts,
    values: valuesOf(fields),
    secrets: fields.secrets ?? [],
    environments: environments.environments.map((found) => found.environment),
    assetRules: assetRulesOf(fields),
    ignore: fields.ignore ?? [],
    checking: checkingOf(fields),
  };
  findings.push(...read.findings, ...environments.findings);
  findings.push(...checkPlaces({ project, files: input.files, schemas: input.schemas, places: read.places, place }));
  findings.push(...checkEnvironments(environments.environments));
  return { project, findings };
}

function readFields(root: object, place: YamlPlace, findings: Finding[], complete: boolean): ProjectFields {
  const known = [...Object.keys(projectFields), 'parts'];
  for (const key of Object.keys(root)) {
    if (!known.includes(key)) findings.push(unknownKey({ key, known, path: [], place }));
  }
  const fields: { [field: string]: unknown } = {};
  for (const [field, schema] of Object.entries(projectFields)) {
    const value = Object.entries(root).find(([key]) => key === field)?.[1];
    if (value === undefined && !(complete && field === 'version')) continue;
    if (value === null && field !== 'version') continue;
    const read = readWithSchema<unknown>(schema, value, { ...place, at: [field] });
    findings.push(...read.findings);
    if (read.value !== null) fields[field] = read.value;
  }
  return fields;
}

/** The finding for a text that is not valid YAML. */
function yamlFinding(path: string, problem: { line: number | null; message: string }): Finding {
  return projectFinding({
    check: 'project-yaml',
    path,
    line: problem.line,
    message: `This is not valid YAML: ${problem.message}`,
    hint: 'Put this line right; the rest of the file was read as far as possible.',
  });
}

function notAMap(place: YamlPlace): Finding {
  return projectFinding({
    check: 'project-wrong-type',
    path: place.file,
    line: 1,
    message: `${place.file} must hold keys such as \`version\`, \`project\` and \`parts\`.`,
    hint: 'Run `headgate init --force` to write a new one.',
  });
}

function unreadable(files: ProjectFiles): Finding {
  const there = files.entries.some((entry) => entry.path === projectFileName);
  return projectFinding({
    check: there ? 'project-yaml' : 'project-file-missing',
    path: projectFileName,
    line: null,
    message: there ? `${projectFileName} is not UTF-8 text.` : `There is no ${projectFileName}.`,
    hint: there ? 'Save it as UTF-8.' : 'Run `headgate init` to write one.',
  });
}

/** The value if it is an object with keys; an empty object for nothing; null for anything else. */
function objectOrEmpty(value: unknown): { [key: string]: unknown } | null {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : null;
}
