import { fail } from '../../base/errors.ts';
import { resolveSecret } from '../../base/secrets.ts';
import type { Environment } from '../../model/environment.ts';
import { type PartKey, partKey } from '../../model/identifiers.ts';
import type { Json } from '../../model/json.ts';
import type { ToolVariables } from '../../targets/contract.ts';
import { targetById } from '../../targets/registry.ts';
import { readProject } from '../project/read-project.ts';

/** Which part's tool, in which environment of the project that `folder` is in. */
export type ToolOrder = { folder: string; environment: string; part: string };

/** `variables` hold no secret; those that do are left out, and `secrets` names the secrets in each. */
export type ToolValues = {
  environment: string;
  part: PartKey;
  variables: { [name: string]: Json };
  process: { [variable: string]: string };
  secrets: { [name: string]: string[] };
};

/**
 * What a part's tool is told in an environment, without anything that holds a secret. No secret is read.
 * @throws project-environment-unknown, part-unknown, part-without-variables, tool-values-unfit
 */
export async function toolValues(order: ToolOrder): Promise<ToolValues> {
  const asked = await ask(order);
  const told = asked.tell((name) => `\${secrets.${name}}`);
  // What reads the same whatever the secret is holds none.
  const process = asked.tell(() => '').process;
  const open = (name: string) => !Object.hasOwn(told.secrets, name);
  return {
    environment: order.environment,
    part: asked.part,
    variables: Object.fromEntries(Object.entries(told.values).filter(([name]) => open(name))),
    process: Object.fromEntries(Object.entries(told.process).filter(([name, text]) => process[name] === text)),
    secrets: told.secrets,
  };
}

/**
 * The variables of the tool's process with every secret's value in them: for a child process and nothing else.
 * @throws as `toolValues`, and secret-not-registered, secret-not-found
 */
export async function toolProcess(order: ToolOrder): Promise<{ [variable: string]: string }> {
  const asked = await ask(order);
  const names = new Set(Object.values(asked.tell(() => '').secrets).flat());
  const values = new Map<string, string>();
  for (const name of names) {
    const reference = asked.environment.secrets[name];
    if (reference === undefined) throw fail('secret-not-registered', { secret: name });
    values.set(name, await resolveSecret(reference));
  }
  const told = asked.tell((name) => values.get(name) ?? '');
  requireFit(asked.part, order.environment, told);
  return told.process;
}

type Asked = { part: PartKey; environment: Environment; tell(secretOf: (name: string) => string): ToolVariables };

async function ask(order: ToolOrder): Promise<Asked> {
  const { project, files } = await readProject(order.folder);
  const environment = project.environments.find(({ name }) => name === order.environment);
  if (environment === undefined) {
    const known = project.environments.map(({ name }) => name).join(', ') || 'none';
    throw fail('project-environment-unknown', { environment: order.environment, known });
  }
  const found = project.parts.find(({ target, part }) => partKey(target, part.name) === order.part);
  if (found === undefined) {
    const known = project.parts.map(({ target, part }) => partKey(target, part.name)).join(', ') || 'none';
    throw fail('part-unknown', { part: order.part, known });
  }
  const toolVariables = targetById(found.target).toolVariables;
  const part = partKey(found.target, found.part.name);
  if (toolVariables === undefined) throw fail('part-without-variables', { part });
  const defaults = project.values.filter(({ required }) => !required).map((value) => [value.name, value.default]);
  const values = { ...Object.fromEntries(defaults), ...environment.values };
  const tell = (secretOf: (name: string) => string) => toolVariables({ files, part: found.part, values, secretOf });
  requireFit(
    part,
    environment.name,
    tell((name) => `\${secrets.${name}}`),
  );
  return { part, environment, tell };
}

function requireFit(part: PartKey, environment: string, { problems }: ToolVariables): void {
  if (problems.length > 0) throw fail('tool-values-unfit', { part, environment, problems: problems.join('; ') });
}
