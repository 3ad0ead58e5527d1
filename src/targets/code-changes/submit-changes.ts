import type { Environment } from '../../model/environment.ts';
import { fillTemplates } from '../../model/fill-templates.ts';
import { canonicalJson, type Json, type JsonObject } from '../../model/json.ts';
import type { Said } from './said.ts';
import { meaningOfSetting } from './spark-settings.ts';

/** How a Spark application is started, as its part of headgate.yaml says. */
export type Submission = {
  main?: string | undefined;
  args?: string[] | undefined;
  conf?: { [name: string]: string | number | boolean } | undefined;
  packages?: string[] | undefined;
  env?: { [name: string]: string } | undefined;
};

export type SubmitInput = {
  base: Submission;
  head: Submission;
  environments: { base: readonly Environment[]; head: readonly Environment[] };
};

/**
 * What differs in how an application is started: as written, or by the values of an environment. `columns` of what it writes are
 * not looked at here.
 */
export function submitChanges({ base, head, environments }: SubmitInput): Said[] {
  const names = environments.base
    .map(({ name }) => name)
    .filter((name) => environments.head.some((one) => one.name === name));
  const written = differences(base, head, '');
  const filled = names.flatMap((name) =>
    differences(filledIn(base, environments.base, name), filledIn(head, environments.head, name), ` in ${name}`),
  );
  // A setting that is written otherwise differs in every environment.
  const seen = new Set<string>();
  return [...written, ...filled]
    .filter(({ subject }) => !seen.has(subject) && seen.add(subject))
    .map(({ said }) => said);
}

function filledIn(submission: Submission, environments: readonly Environment[], name: string): Submission {
  const environment = environments.find((one) => one.name === name);
  const references = Object.fromEntries(
    Object.entries(environment?.secrets ?? {}).map(([secret, where]) => [secret, where]),
  );
  const withReferences = JSON.parse(
    JSON.stringify(submission).replaceAll(/\$\{secrets\.([\w-]+)\}/g, (_, secret: string) =>
      JSON.stringify(references[secret] ?? '').slice(1, -1),
    ),
  );
  // The templates are filled in place: what comes out has the shape that went in, up to the types of values.
  return fillTemplates(withReferences, environment?.values ?? {}) as Submission;
}

type Difference = { subject: string; said: Said };

function differences(base: Submission, head: Submission, place: string): Difference[] {
  const found: Difference[] = [];
  const say = (subject: string, effect: Said['effect'], because: string, why = '') =>
    found.push({ subject, said: { effect, because: `${because}${place}${why}` } });
  if (base.main !== head.main)
    say('main', 'breaking', `its application file is \`${head.main ?? 'none'}\` instead of \`${base.main ?? 'none'}\``);
  if (differ(base.args, head.args)) {
    const [effect, why] = argumentsEffect(base.args ?? [], head.args ?? []);
    say('args', effect, `its arguments are ${shown(head.args)} instead of ${shown(base.args)}`, why);
  }
  if (differ([...(base.packages ?? [])].sort(), [...(head.packages ?? [])].sort()))
    say(
      'packages',
      'unknown',
      `the packages it runs on are ${shown(head.packages)} instead of ${shown(base.packages)}`,
    );
  for (const name of changedNames(base.env ?? {}, head.env ?? {}))
    say(
      `env ${name}`,
      'unknown',
      `its environment variable \`${name}\` is another`,
      ', and what it does with it is not known',
    );
  for (const name of changedNames(base.conf ?? {}, head.conf ?? {})) {
    const { effect, why } = meaningOfSetting(name);
    const values = `\`${String(head.conf?.[name] ?? 'none')}\` instead of \`${String(base.conf?.[name] ?? 'none')}\``;
    say(`conf ${name}`, effect, `\`${name}\` is ${values}`, why);
  }
  return found;
}

/** An argument that names a place says where data are; what a program does with any other one only its code knows. */
function argumentsEffect(base: readonly string[], head: readonly string[]): [Said['effect'], string] {
  const differing = [...base.filter((one) => !head.includes(one)), ...head.filter((one) => !base.includes(one))];
  return differing.some((one) => /[/\\]/.test(one))
    ? ['breaking', ', so that its data are elsewhere']
    : ['unknown', ', and what it does with them is not known'];
}

function changedNames(base: JsonObject, head: JsonObject): string[] {
  return [...new Set([...Object.keys(base), ...Object.keys(head)])]
    .sort()
    .filter((name) => differ(base[name], head[name]));
}

function differ(base: Json | undefined, head: Json | undefined): boolean {
  return canonicalJson(base ?? null) !== canonicalJson(head ?? null);
}

function shown(list: readonly string[] | undefined): string {
  return list === undefined || list.length === 0 ? 'none' : `\`${list.join(' ')}\``;
}
