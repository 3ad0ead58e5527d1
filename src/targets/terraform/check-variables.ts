import { didYouMean } from '../../base/did-you-mean.ts';
import { readYaml } from '../../base/yaml/yaml-document.ts';
import { fillTemplates } from '../../model/fill-templates.ts';
import type { Finding } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { CheckInput } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { type DeclaredVariable, type StackVariables, stackVariables } from './declared-variables.ts';
import { namesIn } from './tool-variables.ts';
import { misfit } from './variable-type.ts';

const PROJECT_FILE = 'headgate.yaml';
type Told = Pick<Finding, 'path' | 'line' | 'message' | 'hint'> & { severity?: Finding['severity'] };
type Judging = Pick<CheckInput, 'files' | 'part' | 'environments' | 'values' | 'declared'>;

/**
 * What the part gives to the stack's input variables, beside what the stack declares. A part that says nothing of variables
 * gives none through Headgate, and nothing is said of it.
 */
export function judgeVariables(input: Judging): Finding[] {
  const { path, variables } = TerraformPart.parse(input.part.settings);
  if (variables === undefined || !input.declared) return [];
  const stack = stackVariables(input.files, normalFolder(path));
  const lineOf = settingLines(input);
  return [
    ...Object.entries(variables).flatMap(([name, setting]) => judgeGiven({ name, setting, stack, lineOf, input })),
    ...stack.declared
      .filter(({ name }) => !Object.hasOwn(variables, name))
      .flatMap((one) => judgeLeft(one, stack, input)),
  ].map((told) => ({ check: 'environment-values', asset: null, status: 'failed', severity: 'error', ...told }));
}

type Given = {
  name: string;
  setting: Json;
  stack: StackVariables;
  lineOf(variable: string): number | null;
  input: Judging;
};

function judgeGiven({ name, setting, stack, lineOf, input }: Given): Told[] {
  const place = { path: PROJECT_FILE, line: lineOf(name) };
  const variable = stack.declared.find((one) => one.name === name);
  if (variable === undefined) return stack.whole ? [undeclared(name, stack, place)] : [];
  return [
    ...(variable.sensitive ? [] : exposed(name, setting, variable)),
    ...overridden(name, stack),
    ...input.environments.flatMap((environment) => {
      const values = { ...input.values, ...environment.values };
      // A value that is not there is told by the check of the values themselves.
      if (namesIn(setting, 'values').some((used) => !Object.hasOwn(values, used))) return [];
      const value = fillTemplates(setting, values, (secret) => `\${secrets.${secret}}`);
      return misfits({ variable, value, environment: environment.name, place });
    }),
  ];
}

function undeclared(name: string, { declared }: StackVariables, place: { path: string; line: number | null }): Told {
  const nearest = didYouMean(
    name,
    declared.map((one) => one.name),
  );
  return {
    ...place,
    message: `The stack has no variable \`${name}\`.`,
    hint: nearest === null ? 'Declare it with a `variable` block, or remove it here.' : `Did you mean \`${nearest}\`?`,
  };
}

function exposed(name: string, setting: Json, { path, line }: DeclaredVariable): Told[] {
  const [secret] = namesIn(setting, 'secrets');
  if (secret === undefined) return [];
  const message = `The variable \`${name}\` gets the secret \`${secret}\` and is not marked as sensitive, so a plan shows it.`;
  return [{ path, line, severity: 'warning', message, hint: 'Add `sensitive = true` to the variable.' }];
}

function overridden(name: string, { own }: StackVariables): Told[] {
  const given = own.get(name);
  if (given === undefined) return [];
  const message = `\`${name}\` is given here too, and Terraform then takes this one and not the environment's.`;
  return [
    { ...given, severity: 'warning', message, hint: `Remove it here, or from \`variables:\` in ${PROJECT_FILE}.` },
  ];
}

function misfits(told: {
  variable: DeclaredVariable;
  value: Json;
  environment: string;
  place: { path: string; line: number | null };
}): Told[] {
  const { variable, value, environment, place } = told;
  const { name, type, path, line } = variable;
  if (value === null && !variable.nullable && !variable.hasDefault) {
    const hint = `Give it a value; ${path}:${line ?? 1} does not take null.`;
    return [{ ...place, message: `\`${name}\` is null in ${environment}.`, hint }];
  }
  if (type === null) {
    if (value === null || typeof value !== 'object') return [];
    const message = `\`${name}\` is a ${Array.isArray(value) ? 'list' : 'map'} in ${environment}, and its variable has no type: Terraform reads TF_VAR_${name} as a text.`;
    return [{ path, line, severity: 'warning', message, hint: 'Give the variable a `type`.' }];
  }
  const wrong = misfit(value, type, name);
  if (wrong === null) return [];
  const hint = `Give a value of that type, or change the type at ${path}:${line}.`;
  return [{ ...place, message: `In ${environment} ${wrong}; Terraform would refuse it.`, hint }];
}

/** A variable that the part does not give must have a default, or be given by the stack's own files. */
function judgeLeft(
  { name, path, line, hasDefault }: DeclaredVariable,
  { own }: StackVariables,
  input: Judging,
): Told[] {
  if (hasDefault || own.has(name)) return [];
  return [
    {
      path,
      line,
      message: `\`${name}\` has no default, and terraform/${input.part.name} gives it no value.`,
      hint: `Add it under \`variables:\` of the part in ${PROJECT_FILE}, or give it a default.`,
    },
  ];
}

/** Where headgate.yaml names each variable of the part. */
function settingLines({ files, part }: Judging): (variable: string) => number | null {
  const yaml = readYaml(files.text(PROJECT_FILE) ?? '');
  const listed = member(member(yaml.value, 'parts'), 'terraform');
  const index = Array.isArray(listed) ? listed.findIndex((one) => member(one, 'name') === part.name) : -1;
  return (variable) => yaml.lineOf(['parts', 'terraform', index, 'variables', variable]);
}

function member(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? Object.entries(value).find(([name]) => name === key)?.[1]
    : undefined;
}
