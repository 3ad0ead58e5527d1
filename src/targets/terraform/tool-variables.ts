import { fillTemplates } from '../../model/fill-templates.ts';
import type { Json } from '../../model/json.ts';
import { normalFolder } from '../../model/path-schema.ts';
import type { ToolVariables, ToolVariablesInput } from '../contract.ts';
import { TerraformPart } from './config.ts';
import { type DeclaredVariable, stackVariables } from './declared-variables.ts';
import { isLiteral, misfit, type VariableType } from './variable-type.ts';

/** The input variables of a stack as headgate.yaml gives them, as a .tfvars.json file holds them and as TF_VAR_ variables. */
export function toolVariables({ files, part, values, secretOf }: ToolVariablesInput): ToolVariables {
  const { path, variables = {} } = TerraformPart.parse(part.settings);
  const stack = stackVariables(files, normalFolder(path));
  const declared = new Map(stack.declared.map((variable) => [variable.name, variable]));
  const told: ToolVariables = { values: {}, process: {}, secrets: {}, problems: [] };
  for (const [name, setting] of Object.entries(variables)) {
    const value = fillTemplates(setting, values, secretOf);
    const type = declared.get(name)?.type ?? null;
    told.values[name] = value;
    // A variable of the process cannot say `null`; without it Terraform takes the default.
    if (value !== null || !isLiteral(type)) told.process[`TF_VAR_${name}`] = asProcessVariable(value, type);
    const secrets = namesIn(setting, 'secrets');
    if (secrets.length > 0) told.secrets[name] = secrets;
    told.problems.push(...problemsOf({ name, setting, value, values, declared, whole: stack.whole }));
  }
  const missing = stack.declared.filter(({ name, hasDefault }) => !hasDefault && !Object.hasOwn(variables, name));
  const unmet = missing.filter(({ name }) => !stack.own.has(name));
  told.problems.push(...unmet.map(({ name }) => `${name} has no default and is given by nobody`));
  return told;
}

type Judged = {
  name: string;
  setting: Json;
  value: Json;
  values: { [name: string]: Json };
  declared: ReadonlyMap<string, DeclaredVariable>;
  whole: boolean;
};

function problemsOf({ name, setting, value, values, declared, whole }: Judged): string[] {
  const variable = declared.get(name);
  const absent = namesIn(setting, 'values').filter((used) => !Object.hasOwn(values, used));
  if (absent.length > 0) return [`${name} needs ${absent.map((used) => `the value ${used}`).join(' and ')}`];
  if (variable === undefined) return whole ? [`${name} is no variable of the stack`] : [];
  const wrong = variable.type === null ? null : misfit(value, variable.type, name);
  return wrong === null ? [] : [wrong];
}

/** The names in `${secrets.name}` or `${values.name}`, each once. */
export function namesIn(setting: Json, kind: 'secrets' | 'values'): string[] {
  const text = JSON.stringify(setting);
  return [
    ...new Set(
      [...text.matchAll(/\$\{(secrets|values)\.(\w+)\}/g)].flatMap(([, of, name]) =>
        of === kind && name ? [name] : [],
      ),
    ),
  ];
}

/** Text as it is where the type is simple; else an expression, in which `${` and `%{` must not begin anything. */
function asProcessVariable(value: Json, type: VariableType | null): string {
  if (isLiteral(type)) return typeof value === 'string' ? value : JSON.stringify(value);
  return JSON.stringify(value)
    .replaceAll(/(?<!\\)((?:\\\\)*)\\b/g, '$1\\u0008')
    .replaceAll(/(?<!\\)((?:\\\\)*)\\f/g, '$1\\u000c')
    .replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`);
}
