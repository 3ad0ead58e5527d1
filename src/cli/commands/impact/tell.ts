import { resolve } from 'node:path';
import { type ExitStatus, fail } from '../../../base/errors.ts';
import type { Impact } from '../../../delivery/impact/impact.ts';
import { effects } from '../../../model/change.ts';
import { type ImpactReport, tellImpact } from '../../../workflows/impact/tell-impact.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { impactLines } from './impact-lines.ts';

const limits = ['breaking', 'unknown'] as const;
type Limit = (typeof limits)[number];

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
  run: runImpact,
};

async function runImpact(invocation: Invocation): Promise<ExitStatus> {
  const { print, cwd } = invocation;
  const limit = limitOption(textOption(invocation, 'failOn'));
  print.progress('Reading both revisions ...');
  const report = await tellImpact(resolve(cwd, invocation.arguments[0] ?? '.'), {
    base: textOption(invocation, 'base'),
    head: textOption(invocation, 'head'),
  });
  print.result(shapeOf(report), () => impactLines(report, { all: flagOption(invocation, 'all') }));
  return exitOf(report.impact, limit);
}

/** The documented shape of `impact --json`. */
function shapeOf({ comparison, impact: told }: ImpactReport) {
  const { base, head, asked, how } = comparison;
  return { base, head, asked, compared: how, ...told };
}

function limitOption(text: string | null): Limit | null {
  if (text === null) return null;
  const found = limits.find((limit) => limit === text);
  if (found === undefined)
    throw fail('option-not-allowed', { option: '--fail-on', value: text, allowed: limits.join(', ') });
  return found;
}

/** Could not tell comes before no: what was not read may be worse than what was. */
function exitOf({ changed, reached, findings }: Impact, limit: Limit | null): ExitStatus {
  if (findings.some((finding) => finding.status === 'errored')) return 3;
  if (limit === null) return 0;
  const isOver = [...changed, ...reached].some(({ effect }) => effects.indexOf(effect) >= effects.indexOf(limit));
  return isOver ? 1 : 0;
}
