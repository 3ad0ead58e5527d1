import { shortOf } from '../../model/identifiers.ts';
import type { Step, StepKind, StepOf } from '../../model/step.ts';
import type { Plan } from './plan.ts';

type Explain = { [Kind in StepKind]: (step: StepOf<Kind>) => string };

const explain: Explain = {
  upload: ({ part, blob }) => `upload ${part} ${shortOf(blob)} beside what is live`,
  configure: ({ part, from, to }) =>
    from === null
      ? `give ${part} its settings ${shortOf(to)}`
      : `change the settings of ${part} from ${shortOf(from)} to ${shortOf(to)}`,
  drain: ({ unit, assets, limitSeconds }) =>
    `let no new runs of ${unit} start and wait until those under way have ended (${count(assets.length, 'asset')}, at most ${limitSeconds / 60} minutes)`,
  switch: ({ unit, from, to, pinRuns }) =>
    from === null
      ? `bring ${unit} in at ${shortOf(to.bundle)}`
      : `switch ${unit} from ${shortOf(from.bundle)} to ${shortOf(to.bundle)}${pinRuns ? '; runs under way stay on the old one' : ''}`,
  remove: ({ unit, from }) => `remove ${unit}, live since ${shortOf(from.bundle)}`,
  build: ({ unit, to }) => `build ${unit} at ${shortOf(to.bundle)}`,
  verify: ({ unit, to }) =>
    to === null ? `verify that ${unit} is gone` : `verify that ${unit} runs ${shortOf(to.bundle)}`,
  disable: ({ asset }) => `stop ${asset}; it stays stopped until it is enabled`,
  enable: ({ asset }) => `let ${asset} run again`,
};

/** One step as a line for people. */
export function explainStep(step: Step): string {
  // Each entry takes the steps of its own kind; the compiler cannot follow the kind through the lookup.
  const line = explain[step.kind] as (step: Step) => string;
  return line(step);
}

/** The plan as lines for people: every step in order with its number, then what cannot be taken back or needs care. */
export function explainPlan(plan: Plan): string[] {
  if (plan.steps.length === 0) return [`${plan.environment} is up to date with ${shortOf(plan.bundle)}; nothing to do`];
  const width = String(plan.steps.length).length;
  return [
    `${plan.project} to ${plan.environment}: bundle ${shortOf(plan.bundle)}, ${count(plan.steps.length, 'step')}`,
    ...plan.steps.map((step, index) => `${String(index + 1).padStart(width)}. ${explainStep(step)}`),
    ...plan.warnings.map(({ unit, because }) => (unit === null ? `note: ${because}` : `note: ${unit}: ${because}`)),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
