import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type ExitStatus, fail } from '../../../base/errors.ts';
import type { Impact } from '../../../delivery/impact/impact.ts';
import { effects } from '../../../model/change.ts';
import { type ImpactReport, tellImpact } from '../../../workflows/impact/tell-impact.ts';
import { flagOption, type Invocation, textOption } from '../../command.ts';
import { impactLines } from './impact-lines.ts';

const limits = ['breaking', 'unknown'] as const;
type Limit = (typeof limits)[number];

/** What `headgate impact` does. */
export async function runImpact(invocation: Invocation): Promise<ExitStatus> {
  // Most of what is read is dropped at once. Letting the space for that grow costs 100 MB and gains a tenth of the time.
  setFlagsFromString('--max-semi-space-size=4');
  setFlagsFromString('--semi-space-growth-factor=1');
  const { print, cwd } = invocation;
  const limit = limitOption(textOption(invocation, 'failOn'));
  print.progress('Reading both revisions ...');
  const folder = resolve(cwd, invocation.arguments[0] ?? '.');
  const asked = { base: textOption(invocation, 'base'), head: textOption(invocation, 'head') };
  const report = await (invocation.kept?.impact.tell(folder, asked) ?? tellImpact(folder, asked));
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
