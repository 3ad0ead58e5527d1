/** Why a job's artifact cannot be run, from what Python says of it. */
export type SparkFailure = { cause: string; message: string };

const rows: readonly { says: RegExp; cause: string }[] = [
  { says: /SyntaxError|IndentationError|TabError/, cause: 'does not compile' },
  {
    says: /UnicodeDecodeError|source code string cannot contain null bytes|\(unicode error\)/,
    cause: 'is no Python text',
  },
  { says: /FileNotFoundError|No such file/, cause: 'is missing' },
  { says: /PermissionError/, cause: 'cannot be read' },
];

/** One sentence of the last line that tells. */
export function sparkFailure(file: string, output: string): SparkFailure {
  const cause = rows.find(({ says }) => says.test(output))?.cause ?? 'cannot be run';
  const last = output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  return { cause, message: `${file} ${cause}${last === '' ? '' : `: ${last}`}` };
}
