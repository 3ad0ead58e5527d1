import { createHash } from 'node:crypto';

/** What must be equal for two commands to have one helper. Paths are real paths. */
export type HelperWorld = {
  root: string;
  program: string;
  node: string;
  user: number;
  environment: { readonly [name: string]: string | undefined };
};

/** Variables that say where a command was typed, and nothing about what it answers. */
const PASSING = new Set([
  ...['_', 'PWD', 'OLDPWD', 'SHLVL', 'COLUMNS', 'LINES', 'COLORTERM', 'WINDOWID', 'STY', 'TMUX', 'TMUX_PANE'],
  ...['TERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TERM_SESSION_ID'],
]);

/** The name of the helper of a world: 20 hex digits, other ones for any other project, program, Node, user or variable. */
export function helperName({ root, program, node, user, environment }: HelperWorld): string {
  const variables = Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !PASSING.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([root, program, node, user, variables]))
    .digest('hex')
    .slice(0, 20);
}
