import { openClient } from '../../client.ts';
import { type Command, type Invocation, option, textOption } from '../../command.ts';
import { short } from '../../release-lines.ts';

/** `headgate history`: see docs/control-plane.md for the JSON shape. */
export const history: Command = {
  words: ['history'],
  summary: 'List releases, newest first: what went where, when, by whom, and what became of it',
  arguments: ['[environment]'],
  options: [option('--limit <count>', 'how many', '30')],
  run: runHistory,
};

async function runHistory(invocation: Invocation) {
  const client = await openClient();
  const environment = invocation.arguments[0] ?? null;
  const limit = Math.min(500, Math.max(1, Number(textOption(invocation, 'limit') ?? 30) || 30));
  const releases = await client.releases({ environment, limit });
  invocation.print.result({ releases }, () =>
    releases.length === 0
      ? ['No release was asked yet.']
      : releases.map(
          ({ id, requested, environment: where, kind, bundle, state, requestedBy, because }) =>
            `${requested.slice(0, 19)}Z  ${where.padEnd(10)} ${kind.padEnd(9)} ${short(bundle)}  ${state.padEnd(11)} ${requestedBy}  ${because}  (${id})`,
        ),
  );
  return 0 as const;
}
