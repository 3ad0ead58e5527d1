import { code, prose } from '../formats/markdown-text.ts';
import type { PlanTold, Room } from './comment-input.ts';
import { count, folded, leftOut } from './words.ts';

/** What will be deployed, in which order, and what cannot be undone; one paragraph an environment. */
export function planLines(plans: readonly PlanTold[], room: Room): string[] {
  const telling = plans.filter(({ steps }) => steps.length > 0);
  if (telling.length === 0) return [];
  return ['#### What will be deployed', '', ...telling.flatMap((plan) => onePlan(plan, room))];
}

function onePlan({ environment, steps, warnings, gate }: PlanTold, room: Room): string[] {
  const waits =
    gate === null || gate.outcome === 'allowed'
      ? ''
      : ` Gate: ${prose(`${gate.outcome}, ${gate.because}`, room.text)}.`;
  return [
    `To **${prose(environment, 80)}**, in this order: ${orderWords(steps)}.${waits}`,
    '',
    ...(warnings.length === 0 ? [] : ['Cannot be undone, or needs care:', '']),
    ...warnings.slice(0, room.top).map((warning) => warningLine(warning, room)),
    ...leftOut(warnings.length, room.top, 'warning'),
    ...(warnings.length === 0 ? [] : ['']),
    ...folded(`All ${count(steps.length, 'step')}`, [
      ...steps.slice(0, room.folded).map(({ text }, index) => `${index + 1}. &#8203;${prose(text, room.text)}`),
      ...leftOut(steps.length, room.folded, 'step'),
    ]),
  ];
}

function warningLine({ unit, because }: PlanTold['warnings'][number], room: Room): string {
  return `- ${unit === null ? '&#8203;' : `${code(unit, 160)}: `}${prose(because, room.text)}`;
}

/** Steps in a row on one target are told as one: `spark (3 steps) → dbt (2 steps)`. */
function orderWords(steps: PlanTold['steps']): string {
  const runs: { target: string; steps: number }[] = [];
  for (const { target } of steps) {
    const last = runs.at(-1);
    if (last?.target === target) last.steps += 1;
    else runs.push({ target, steps: 1 });
  }
  const shown = runs.slice(0, 8).map((run) => `${prose(run.target, 60)} (${count(run.steps, 'step')})`);
  return [...shown, ...(runs.length > 8 ? ['…'] : [])].join(' → ');
}
