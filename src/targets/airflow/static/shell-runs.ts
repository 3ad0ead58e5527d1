import type { TaskRun } from '../../contract.ts';

/**
 * What a shell command runs, as far as it can be read from its text: dbt, Spark jobs, DAGs; else its first program.
 * A command that is not known at all gives a `bash` run with an empty `ref`.
 */
export function shellRuns(command: string): TaskRun[] {
  const text = command.trim();
  if (text === '' || /^\*+$/.test(text) || /^\{\{[^}]*\}\}$/.test(text))
    return [{ kind: 'bash', ref: '', detail: text }];
  const runs: TaskRun[] = [];
  let folder = '';
  for (const words of simpleCommands(text).slice(0, 200).map(program)) {
    const [name = ''] = words;
    if (name === 'cd') folder = words[1] ?? '';
    else runs.push(...knownRun(words, folder));
  }
  return runs.length > 0 ? runs : [{ kind: 'bash', ref: firstProgram(text), detail: text.slice(0, 4000) }];
}

function firstProgram(text: string): string {
  const found = simpleCommands(text)
    .map(program)
    .find((words) => !['', 'cd', 'set', 'export', 'source', '.', 'echo'].includes(words[0] ?? ''));
  return (found ?? program(simpleCommands(text)[0] ?? []))[0] ?? '';
}

function knownRun(words: readonly string[], folder: string): TaskRun[] {
  const [path = '', ...rest] = words;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'headgate-run' && rest[0] === 'dbt') return [dbtRun(rest.slice(2), rest[1] ?? '')];
  if (name === 'headgate-run' && rest[0] === 'spark')
    return [{ kind: 'spark', ref: rest[1] ?? '', detail: rest.slice(2).join(' ') }];
  if (name === 'dbt') return [dbtRun(rest, folder)];
  if (/^python[\d.]*$/.test(name) && rest[0] === '-m' && /^dbt(\.|$)/.test(rest[1] ?? ''))
    return [dbtRun(rest.slice(2), folder)];
  if (name === 'spark-submit') return [sparkRun(rest)];
  if (name === 'airflow' && rest[0] === 'dags' && rest[1] === 'trigger') return [dagRun(rest.slice(2))];
  if (name === 'airflow' && rest[0] === 'trigger_dag') return [dagRun(rest.slice(1))];
  if (/^(ba|z|da)?sh$/.test(name) && /^-\w*c$/.test(rest[0] ?? ''))
    return shellRuns(rest[1] ?? '').filter((run) => run.kind !== 'bash');
  return [];
}

function dagRun(words: readonly string[]): TaskRun {
  return { kind: 'dag', ref: words.filter((word) => !word.startsWith('-'))[0] ?? '', detail: 'trigger' };
}

const verbs = new Set([
  'build',
  'run',
  'test',
  'seed',
  'snapshot',
  'compile',
  'source',
  'docs',
  'deps',
  'parse',
  'ls',
  'list',
  'debug',
  'clean',
  'run-operation',
  'freshness',
  'retry',
  'clone',
  'show',
]);
const selecting: { [flag: string]: string } = {
  '--select': '--select',
  '-s': '--select',
  '--models': '--select',
  '--model': '--select',
  '-m': '--select',
  '--exclude': '--exclude',
  '--selector': '--selector',
};

/** A dbt command line as `build --select a b+ --exclude c`, with the project where it is named. */
function dbtRun(words: readonly string[], project: string): TaskRun {
  let ref = project;
  const said: string[] = [];
  let list: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [flag = '', ...value] =
      word.startsWith('--') && word.includes('=')
        ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
        : [word];
    if (flag === '--project-dir') ref = value[0] ?? words[++at] ?? '';
    else if (selecting[flag] !== undefined) {
      list = selecting[flag];
      said.push(list, ...value);
    } else if (word.startsWith('-')) {
      list = null;
      if (
        value.length === 0 &&
        /^(--vars|--target|-t|--profiles-dir|--profile|--threads|--args|--state|--target-path|--log-path|--log-format|--log-level)$/.test(
          flag,
        )
      )
        at += 1;
    } else if (list !== null) said.push(word);
    else if (verbs.has(word) || said.length > 0) said.push(word);
  }
  return { kind: 'dbt', ref, detail: said.join(' ') };
}

const sparkFlags = /^(--supervise|--verbose|-v|--help|-h|--usage-error)$/;

function sparkRun(words: readonly string[]): TaskRun {
  let at = 0;
  while (words[at]?.startsWith('-') === true)
    at += sparkFlags.test(words[at] ?? '') || (words[at] ?? '').includes('=') ? 1 : 2;
  return { kind: 'spark', ref: words[at] ?? '', detail: words.slice(at + 1).join(' ') };
}

const wrappers = new Set([
  'exec',
  'time',
  'nohup',
  'sudo',
  'env',
  'command',
  'then',
  'do',
  'else',
  'if',
  '!',
  '(',
  '{',
  'poetry',
  'pipenv',
  'uv',
  'run',
  'eval',
]);

/** Without assignments and wrappers before the program: `A=b exec poetry run dbt x` is `dbt x`. */
function program(words: readonly string[]): string[] {
  const at = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word) && !wrappers.has(word) && word !== '(');
  return at === -1 ? [] : words.slice(at);
}

/** Splits at `;`, `&&`, `||`, `|` and line ends outside quotes, and each piece into words. Jinja blocks stay one word. */
function simpleCommands(text: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word = '';
  let started = false;
  let quote = '';
  function endWord(): void {
    if (started) words.push(word);
    word = '';
    started = false;
  }
  function endCommand(): void {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  }
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    const jinja = /^(\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})/.exec(text.slice(at, at + 500))?.[0];
    if (jinja?.startsWith('{{')) {
      word += jinja;
      started = true;
      at += jinja.length - 1;
    } else if (jinja !== undefined) {
      endCommand();
      at += jinja.length - 1;
    } else if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"' && at + 1 < text.length) word += text.charAt(++at);
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      started = true;
    } else if (letter === '\\' && /[\r\n]/.test(text.charAt(at + 1))) at += 1;
    else if (letter === '\\' && at + 1 < text.length) {
      word += text.charAt(++at);
      started = true;
    } else if (/[;&|\n]/.test(letter)) endCommand();
    else if (letter === '#' && !started) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end - 1;
    } else if (/[\s()]/.test(letter)) endWord();
    else {
      word += letter;
      started = true;
    }
  }
  endCommand();
  return commands;
}
