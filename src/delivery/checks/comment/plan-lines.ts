import { code, prose } from '../formats/markdown-text.ts';
import type { PlanTold, Room } from './comment-input.ts';
import { capital, count, folded, leftOut } from './words.ts';

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
  return `- ${unit === null ? '&#8203;' : `${code(unit, 160)}: `}${prose(unit === null ? capital(because) : because, room.text)}`;
}

/** Steps that bring nothing about by themselves: files beside what is live, and looking. */
const harmless = ['upload', 'verify'];

/** The targets in the order in which they change, each told once for steps in a row. */
function orderWords(steps: PlanTold['steps']): string {
  const acts = steps.filter(({ kind }) => !harmless.includes(kind));
  const targets = (acts.length === 0 ? steps : acts).map(({ target }) => target);
  const turns = targets.filter((target, index) => target !== targets[index - 1]);
  const shown = turns.slice(0, 8).map((target) => prose(target, 60));
  return `${[...shown, ...(turns.length > 8 ? ['…'] : [])].join(' → ')} (${count(steps.length, 'step')})`;
}
