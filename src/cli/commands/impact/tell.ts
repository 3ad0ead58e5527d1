import { type Command, option } from '../../command.ts';

/** `headgate impact`: see docs/impact.md for the effects and the JSON shape. */
export const impact: Command = {
  words: ['impact'],
  summary: 'Tell what a change does to each asset, and whom it reaches',
  arguments: ['[folder]'],
  options: [
    option(
      '--base <revision>',
      'compare with where the head left this; a..b compares exactly (default: the main branch)',
    ),
    option('--head <revision>', 'the changed revision (default: the working tree, untracked files included)'),
    option('--fail-on <effect>', 'exit 1 when anything is this or worse: breaking, unknown'),
    option('--all', 'name every asset, also those that nothing happens to'),
  ],
  warm: true,
  run: async (invocation) => (await import('./run-impact.ts')).runImpact(invocation),
};
