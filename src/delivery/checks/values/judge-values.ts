import { didYouMean } from '../../../base/did-you-mean.ts';
import { parseSecretReference } from '../../../base/secret-reference.ts';
import { failed } from '../../../model/check-finding.ts';
import type { Finding, Severity } from '../../../model/finding.ts';
import type { FoundEnvironment } from '../../project/parse-environment.ts';
import type { DeclaredValue, Project } from '../../project/project.ts';
import type { YamlPlace } from '../../project/read-with-schema.ts';
import { type TemplateUse, templatesIn } from './templates.ts';
import { article, hasType, typeHint, typeOf } from './value-type.ts';

/** `environments` are those to judge. `isMentioned` tells whether any file of code names this word. */
export type JudgeInput = {
  project: Project;
  declaration: YamlPlace;
  environments: readonly FoundEnvironment[];
  isMentioned(word: string): boolean;
};

type Told = { path: string; line: number | null; message: string; hint: string; severity?: Severity };

/** What is wrong with the values and secrets of a project: missing, of the wrong type, unknown, unused, undeclared. */
export function judgeValues(input: JudgeInput): Finding[] {
  const { project, declaration, environments } = input;
  const findings = [
    ...project.values.flatMap((value) => judgeDefault(value, declaration)),
    ...environments.flatMap((found) => judgeEnvironment(project, found)),
    ...partTemplates(input).flatMap((use) => judgeTemplate(project, use, declaration)),
    ...unused(input),
  ];
  return findings.map((told) => failed('environment-values', told));
}

function judgeDefault(value: DeclaredValue, { file, yaml }: YamlPlace): Told[] {
  if (value.required || hasType(value.default, value.type)) return [];
  const message = `The default of \`${value.name}\` is ${article(typeOf(value.default))}; its type is ${value.type}.`;
  const line = yaml.lineOf(['values', value.name, 'default']);
  return [{ path: file, line, message, hint: typeHint('default', value.default, value.type) }];
}

function judgeEnvironment(project: Project, found: FoundEnvironment): Told[] {
  return [
    ...project.values.flatMap((value) => judgeValue(value, found)),
    ...unknownValues(project, found),
    ...judgeSecrets(project, found),
    ...templatesIn(found.environment.targets).flatMap((use) =>
      judgeTargetTemplate(project, { ...use, at: ['targets', ...use.at] }, found),
    ),
  ];
}

function judgeValue(value: DeclaredValue, { environment, place }: FoundEnvironment): Told[] {
  const { name, type } = value;
  if (!Object.hasOwn(environment.values, name)) {
    if (!value.required) return [];
    const message = `${environment.name} gives no value to \`${name}\` (${type}).`;
    const hint = `Add it under \`values:\` in ${place.file}, or give it a default in headgate.yaml.`;
    return [{ path: place.file, line: place.yaml.lineOf(['values']), message, hint }];
  }
  const given = environment.values[name] ?? null;
  if (hasType(given, type)) return [];
  const message = `\`${name}\` is ${article(typeOf(given))} in ${environment.name}; its type is ${type}.`;
  return [{ path: place.file, line: place.yaml.lineOf(['values', name]), message, hint: typeHint(name, given, type) }];
}

function unknownValues(project: Project, { environment, place }: FoundEnvironment): Told[] {
  const declared = project.values.map(({ name }) => name);
  return Object.keys(environment.values)
    .filter((name) => !declared.includes(name))
    .map((name) => ({
      path: place.file,
      line: place.yaml.lineOf(['values', name]),
      message: `${environment.name} gives a value to \`${name}\`, which headgate.yaml does not declare.`,
      hint: meant(name, declared) ?? `Declare it under \`values:\` with its type, or remove it here.`,
    }));
}

function judgeSecrets(project: Project, { environment, place }: FoundEnvironment): Told[] {
  const missing = project.secrets
    .filter((name) => !Object.hasOwn(environment.secrets, name))
    .map((name) => ({
      path: place.file,
      line: place.yaml.lineOf(['secrets']),
      message: `${environment.name} does not say where the secret \`${name}\` is.`,
      hint: `Add it under \`secrets:\` in ${place.file}, for example ${name}: env:${environment.name.toUpperCase().replace(/\W/g, '_')}_${name.toUpperCase()}.`,
    }));
  const malformed = Object.entries(environment.secrets)
    .filter(([, reference]) => parseSecretReference(reference) === null)
    .map(([name]) => ({
      path: place.file,
      line: place.yaml.lineOf(['secrets', name]),
      message: `What ${environment.name} gives as the place of the secret \`${name}\` is not a reference.`,
      hint: 'Write env:NAME or file:/absolute/path. If the secret itself stood there, revoke it.',
    }));
  return [...missing, ...malformed, ...unknownSecrets(project, { environment, place })];
}

/** Secrets that only the targets of the environment use (a password of Airflow's API) need no declaration. */
function unknownSecrets(project: Project, { environment, place }: FoundEnvironment): Told[] {
  const used = templatesIn(environment.targets).map(({ name }) => name);
  return Object.keys(environment.secrets)
    .filter((name) => !project.secrets.includes(name) && !used.includes(name))
    .map((name) => ({
      path: place.file,
      line: place.yaml.lineOf(['secrets', name]),
      severity: 'warning' as const,
      message: `${environment.name} says where the secret \`${name}\` is, but nothing uses it.`,
      hint: meant(name, project.secrets) ?? 'Name it under `secrets:` in headgate.yaml, or remove it here.',
    }));
}

/** The templates of each part, with their place in headgate.yaml. A part that could not be read leaves a gap in its list there. */
function partTemplates({ project, declaration }: Pick<JudgeInput, 'project' | 'declaration'>): TemplateUse[] {
  return project.parts.flatMap(({ target, part }) => {
    const index = namesOf(declaration.yaml.value, target).indexOf(part.name);
    return templatesIn(part.settings).map((use) => ({ ...use, at: ['parts', target, String(index), ...use.at] }));
  });
}

/** The names of a target's parts as the YAML lists them. */
function namesOf(yaml: unknown, target: string): unknown[] {
  const listed = member(member(yaml, 'parts'), target);
  return Array.isArray(listed) ? listed.map((part) => member(part, 'name')) : [];
}

function member(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}

function judgeTemplate(project: Project, use: TemplateUse, { file, yaml }: YamlPlace): Told[] {
  return templateFault(
    use,
    project.values.map(({ name }) => name),
    project.secrets,
    'headgate.yaml does not declare',
  ).map((told) => ({ path: file, line: yaml.lineOf(placeOf(use)), ...told }));
}

function judgeTargetTemplate(project: Project, use: TemplateUse, { environment, place }: FoundEnvironment): Told[] {
  const secrets = Object.keys(environment.secrets);
  const values = project.values.map(({ name }) => name);
  const absent = use.kind === 'secrets' ? `${environment.name} has no reference for` : 'headgate.yaml does not declare';
  return templateFault(use, values, secrets, absent).map((told) => ({
    path: place.file,
    line: place.yaml.lineOf(placeOf(use)),
    ...told,
  }));
}

function templateFault(
  use: TemplateUse,
  values: readonly string[],
  secrets: readonly string[],
  absent: string,
): { message: string; hint: string }[] {
  const known = use.kind === 'values' ? values : use.kind === 'secrets' ? secrets : null;
  if (known === null) {
    const hint = 'Write ${values.name} or ${secrets.name}.';
    return [{ message: `\`${use.whole}\` is neither a value nor a secret.`, hint }];
  }
  if (known.includes(use.name)) return [];
  const hint = meant(use.name, known) ?? `Name \`${use.name}\` under \`${use.kind}:\`, or correct the template.`;
  return [{ message: `\`${use.whole}\` names a ${use.kind === 'values' ? 'value' : 'secret'} that ${absent}.`, hint }];
}

function placeOf(use: TemplateUse): PropertyKey[] {
  return use.at.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** A value that no setting uses and whose name stands in no file of code reaches nobody. */
function unused({ project, declaration, isMentioned }: JudgeInput): Told[] {
  const uses = [
    ...partTemplates({ project, declaration }),
    ...project.environments.flatMap(({ targets }) => templatesIn(targets)),
  ];
  const isUsed = (kind: string, name: string) => uses.some((use) => use.kind === kind && use.name === name);
  const tell = (kind: 'values' | 'secrets', name: string, at: PropertyKey[]) => ({
    path: declaration.file,
    line: declaration.yaml.lineOf(at),
    severity: 'warning' as const,
    message: `${kind === 'values' ? 'The value' : 'The secret'} \`${name}\` is declared, but nothing uses it.`,
    hint: 'Remove it here and from the environments, or use it.',
  });
  return [
    ...project.values
      .filter(({ name }) => !isUsed('values', name) && !isMentioned(name))
      .map(({ name }) => tell('values', name, ['values', name])),
    ...project.secrets
      .filter((name) => !isUsed('secrets', name) && !isMentioned(name))
      .map((name) => tell('secrets', name, ['secrets', project.secrets.indexOf(name)])),
  ];
}

function meant(name: string, known: readonly string[]): string | null {
  const nearest = didYouMean(name, known);
  return nearest === null ? null : `Did you mean \`${nearest}\`?`;
}
