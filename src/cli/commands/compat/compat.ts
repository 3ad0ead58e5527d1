import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type ExitStatus, fail, messageOf } from '../../../base/errors.ts';
import { compareSchemas } from '../../../compatibility/compare-schemas.ts';
import { formats } from '../../../compatibility/rule.ts';
import { ruleLines } from '../../../compatibility/rule-table.ts';
import { rules } from '../../../compatibility/rules.ts';
import { type Compatibility, dialects, levels, modes, type SchemaSource } from '../../../compatibility/verdict.ts';
import {
  type Command,
  flagOption,
  type Invocation,
  listOption,
  option,
  repeatable,
  textOption,
} from '../../command.ts';

/** `headgate compat FORMAT OLD... NEW` */
export const compat: Command = {
  words: ['compat'],
  summary: 'Tell whether versions of a schema can read each other, with a record that shows it when not',
  arguments: ['[format]', '[schemas...]'],
  options: [
    option('--mode <mode>', `what must read what: ${modes.join(', ')}`, 'backward'),
    repeatable(
      '--reference <file>',
      'a file with types that the schemas name; NAME=FILE where the name is not the file’s',
    ),
    option('--level <level>', `how strictly Protobuf is judged: ${levels.join(', ')}`, 'registry'),
    option('--dialect <dialect>', `of SQL DDL: ${dialects.join(', ')}`, 'snowflake'),
    option('--rules', 'print the table of rules and stop'),
  ],
  async run(invocation) {
    if (flagOption(invocation, 'rules')) return printRules(invocation);
    const [format, ...paths] = invocation.arguments;
    const sources = paths.map((path) => readSchema(path, invocation.cwd));
    const newest = sources.at(-1);
    if (format === undefined || newest === undefined || sources.length < 2)
      throw fail('compat-too-few', { formats: formats.join(', ') });
    const answer = await compareSchemas({
      format: oneOf('FORMAT', formats, format),
      olds: sources.slice(0, -1),
      new: newest,
      mode: oneOf('--mode', modes, textOption(invocation, 'mode') ?? ''),
      references: listOption(invocation, 'reference').map((path) => readReference(path, invocation.cwd)),
      level: oneOf('--level', levels, textOption(invocation, 'level') ?? ''),
      dialect: oneOf('--dialect', dialects, textOption(invocation, 'dialect') ?? ''),
    });
    invocation.print.result(answer, () => answerLines(answer, newest.name));
    return exitOf(answer);
  },
};

function printRules({ print }: Invocation): ExitStatus {
  print.result(rules, () => ruleLines());
  return 0;
}

function exitOf(answer: Compatibility): ExitStatus {
  if (answer.compatible) return 0;
  return answer.decided ? 1 : 3;
}

function oneOf<Choice extends string>(name: string, choices: readonly Choice[], text: string): Choice {
  const wanted = text.toLowerCase();
  const found = choices.find((choice) => choice === wanted);
  if (found === undefined) throw fail('option-not-allowed', { option: name, value: text, allowed: choices.join(', ') });
  return found;
}

/** One file after the other: thousands of versions would be more open files than a process may have. */
function readSchema(path: string, cwd: string): SchemaSource {
  try {
    return { name: path, text: readFileSync(resolve(cwd, path), 'utf8').replace(/^\ufeff/, '') };
  } catch (error) {
    throw fail('schema-file-unreadable', { file: path, why: messageOf(error) });
  }
}

/** `common/money.proto=schemas/money.proto` is known as common/money.proto; a plain path by its own text. */
function readReference(text: string, cwd: string): SchemaSource {
  const split = text.lastIndexOf('=');
  if (split < 0) return readSchema(text, cwd);
  return { ...readSchema(text.slice(split + 1), cwd), name: text.slice(0, split) };
}

function answerLines(answer: Compatibility, newest: string): string[] {
  const against = answer.compared.length === 1 ? (answer.compared[0] ?? '') : `${answer.compared.length} versions`;
  if (answer.compatible) return [`${newest} is ${answer.mode} compatible with ${against}.`];
  const shown = answer.problems.flatMap((problem) => [
    `  ${problem.rule}  ${problem.path}  (${problem.direction}, against ${basename(problem.against)})`,
    `    ${problem.message}`,
  ]);
  const verdict = answer.decided ? 'is not' : 'could not be proven to be';
  return [`${newest} ${verdict} ${answer.mode} compatible with ${against}:`, ...shown, '', ...exampleLines(answer)];
}

function exampleLines({ counterexample, because }: Compatibility): string[] {
  if (counterexample === null) return [`No counterexample: ${because}`];
  const { direction, against, value, outcome, confirmedBy } = counterexample;
  const who =
    direction === 'backward' ? `${basename(against)} writes, the new one` : `the new one writes, ${basename(against)}`;
  return [
    `Counterexample (${who} cannot read; ${confirmedBy} was asked):`,
    `  ${shortened(JSON.stringify(value))}`,
    `  ${outcome}`,
  ];
}

/** A record may be as long as a schema allows; the whole of it is in the JSON. */
function shortened(text: string): string {
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}… (${text.length} characters)`;
}
