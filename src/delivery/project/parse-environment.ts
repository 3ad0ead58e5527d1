import type { z } from 'zod';
import { readYaml } from '../../base/yaml/yaml-document.ts';
import { parseDuration } from '../../model/duration.ts';
import type { Environment, GatePolicy, TargetSettings } from '../../model/environment.ts';
import type { Finding } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { ProjectFiles } from '../../model/project-files.ts';
import { environmentFields } from './environment-schema.ts';
import { projectFinding, readWithSchema, unknownKey, type YamlPlace } from './read-with-schema.ts';

/** An environment, the file it came from, and the lines of its keys. */
export type FoundEnvironment = { environment: Environment; place: YamlPlace };
type Fields = { [Field in keyof typeof environmentFields]?: z.infer<(typeof environmentFields)[Field]> };

/** Reads each YAML file directly in `folder`, in the order of their names. */
export function readEnvironments(
  files: ProjectFiles,
  folder: string,
  declared: boolean,
): { environments: FoundEnvironment[]; findings: Finding[] } {
  const root = normalFolder(folder);
  const paths = files.entries
    .map((entry) => entry.path)
    .filter((path) => isInside(path, root) && /^[^/]+\.ya?ml$/.test(root === '' ? path : path.slice(root.length + 1)))
    .sort();
  const read = paths.map((path) => readEnvironment(path, files.text(path)));
  const findings = read.flatMap((one) => one.findings);
  if (paths.length === 0 && declared) findings.push(noEnvironments(folder));
  return { environments: read.flatMap((one) => (one.found === null ? [] : [one.found])), findings };
}

/** Reads one environment file. Null when it holds no keys at all; the findings then say why. */
export function readEnvironment(
  path: string,
  text: string | null,
): { found: FoundEnvironment | null; findings: Finding[] } {
  const yaml = readYaml(text ?? '');
  const place: YamlPlace = { file: path, yaml, at: [] };
  const findings = yaml.problems.map((problem) => broken(path, problem));
  if (text === null || yaml.value === null || typeof yaml.value !== 'object' || Array.isArray(yaml.value)) {
    if (findings.length === 0)
      findings.push(broken(path, { line: 1, message: 'it must hold keys such as `environment`' }));
    return { found: null, findings };
  }
  const fields = readFields(yaml.value, place, findings);
  const name = fields.environment ?? path.slice(path.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
  return { found: { environment: environmentOf(name, fields), place }, findings };
}

function readFields(root: object, place: YamlPlace, findings: Finding[]): Fields {
  const fields: { [field: string]: unknown } = {};
  for (const [key, value] of Object.entries(root)) {
    const schema = Object.entries(environmentFields).find(([field]) => field === key)?.[1];
    if (schema === undefined) {
      findings.push(unknownKey({ key, known: Object.keys(environmentFields), path: [], place }));
    } else if (value !== null) {
      const read = readWithSchema<unknown>(schema, value, { ...place, at: [key] });
      findings.push(...read.findings);
      if (read.value !== null) fields[key] = read.value;
    }
  }
  return fields;
}

function environmentOf(name: string, fields: Fields): Environment {
  return {
    name,
    after: fields.after ?? null,
    promote: fields.promote ?? 'manual',
    gates: policyOf(fields.gates),
    // The schema accepts JSON only.
    targets: (fields.targets ?? {}) as { [target: string]: TargetSettings },
    values: (fields.values ?? {}) as { [value: string]: Json },
    secrets: fields.secrets ?? {},
  };
}

/** What an environment asks when its file says nothing: nobody's approval, and never the author's own. */
function policyOf(gates: Fields['gates']): GatePolicy {
  return {
    approvals: gates?.approvals ?? 0,
    approverRoles: gates?.['approver-roles'] ?? ['approver'],
    separateAuthor: gates?.['separate-author'] ?? true,
    requiredChecks: gates?.['required-checks'] ?? [],
    requireLockedRuntime: gates?.['require-locked-runtime'] ?? false,
    approvalValidSeconds: parseDuration(gates?.['approval-valid'] ?? '24h') ?? 86_400,
  };
}

function broken(path: string, problem: { line: number | null; message: string }): Finding {
  return projectFinding({
    check: 'project-yaml',
    path,
    line: problem.line,
    message: `This environment file could not be read: ${problem.message}`,
    hint: 'Put this line right; the rest of the file was read as far as possible.',
  });
}

function noEnvironments(folder: string): Finding {
  return projectFinding({
    check: 'project-missing-folder',
    path: folder,
    line: null,
    severity: 'warning',
    message: `The folder \`${folder}\` has no environment files.`,
    hint: 'Add one file per environment, for example dev.yaml; `headgate init` writes skeletons.',
  });
}
