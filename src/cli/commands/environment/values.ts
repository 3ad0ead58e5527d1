import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, messageOf } from '../../../base/errors.ts';
import { runWithValues } from '../../../workflows/values/run-with-values.ts';
import { type ToolOrder, type ToolValues, toolValues } from '../../../workflows/values/tool-values.ts';
import { type Command, type Invocation, option, textOption } from '../../command.ts';

const formats = ['tfvars-json', 'env'] as const;
type Format = (typeof formats)[number];

const which = [
  option('--for <part>', 'part whose tool is told, for example terraform/lake'),
  option('--project <folder>', 'folder of the project', '.'),
];

/** `headgate environment values`: see docs/environment-values.md for the JSON shape. */
export const environmentValues: Command = {
  words: ['environment', 'values'],
  summary: "Print an environment's values as the tool of a part takes them, without secrets",
  arguments: ['<environment>'],
  options: [
    ...which,
    option('--format <format>', 'tfvars-json or env', 'tfvars-json'),
    option('--out <file>', 'write them to this file'),
  ],
  async run(invocation) {
    const { print, cwd } = invocation;
    const format = formatOption(textOption(invocation, 'format'));
    const told = await toolValues(orderOf(invocation));
    const lines = texts[format](told);
    const out = textOption(invocation, 'out');
    if (out !== null) await write(resolve(cwd, out), lines);
    const { environment, part, variables, secrets } = told;
    print.result({ environment, part, variables, secrets, file: out }, () =>
      out === null ? lines : [`${part} in ${environment}: ${Object.keys(variables).length} variables in ${out}`],
    );
    const left = Object.keys(secrets);
    if (left.length > 0) {
      print.warn(`Left out, for they hold secrets: ${left.join(', ')}. \`headgate environment run\` hands them over.`);
    }
    return 0;
  },
};

/** `headgate environment run` */
export const environmentRun: Command = {
  words: ['environment', 'run'],
  summary: "Start a command with an environment's values and secrets as its tool takes them",
  arguments: ['<environment>', '<command...>'],
  options: which,
  async run(invocation) {
    const { cwd, print } = invocation;
    const command = invocation.arguments.slice(1);
    return { child: await runWithValues({ ...orderOf(invocation), command, cwd, write: print.pass }) };
  },
};

function orderOf(invocation: Invocation): ToolOrder {
  const part = textOption(invocation, 'for');
  if (part === null) throw fail('part-not-said', {});
  const folder = resolve(invocation.cwd, textOption(invocation, 'project') ?? '.');
  return { folder, environment: invocation.arguments[0] ?? '', part };
}

function formatOption(text: string | null): Format {
  const found = formats.find((format) => format === text);
  if (found !== undefined) return found;
  throw fail('option-not-allowed', { option: '--format', value: text ?? '', allowed: formats.join(', ') });
}

const texts: { [Name in Format]: (told: ToolValues) => string[] } = {
  'tfvars-json': ({ variables }) => [JSON.stringify(variables, null, 2)],
  // Quoted so that a shell can read the lines: `set -a; . <file>`.
  env: ({ process }) => Object.entries(process).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`),
};

async function write(file: string, lines: readonly string[]): Promise<void> {
  await writeFile(file, `${lines.join('\n')}\n`).catch((error: unknown) => {
    throw fail('values-not-written', { file, because: messageOf(error) }, error);
  });
}
