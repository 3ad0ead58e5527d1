import { z } from 'zod';
import type { Finding } from '../../../model/finding.ts';
import type { JsonObject } from '../../../model/json.ts';
import { STATEFUL } from './care-rules.ts';
import { finding, judgePolicy } from './judge-policy.ts';
import { bodyOfPlanned, isObject, type Resource } from './resources.ts';

const Plan = z.object({
  format_version: z.string(),
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        mode: z.enum(['managed', 'data']),
        type: z.string(),
        name: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          after: z.json().optional(),
          replace_paths: z.array(z.array(z.union([z.string(), z.number()]))).optional(),
        }),
      }),
    )
    .default([]),
});
type Change = z.infer<typeof Plan>['resource_changes'][number];

/**
 * What the plan (`terraform show -json`) would do: deletes and replaces, and the rules on what will be there. Places are those of the
 * declarations. Null when the text is no plan.
 */
export function judgePlan(text: string, declared: readonly Resource[]): Finding[] | null {
  const plan = Plan.safeParse(parsed(text));
  if (!plan.success) return null;
  const changed = plan.data.resource_changes.filter(({ mode }) => mode === 'managed');
  const planned = changed.flatMap((change) =>
    isObject(change.change.after) ? [plannedResource(change, change.change.after, declared)] : [],
  );
  return [...changed.flatMap((change) => losses(change, declared)), ...judgePolicy(planned, true)];
}

function losses(change: Change, declared: readonly Resource[]): Finding[] {
  const { actions, replace_paths: paths = [] } = change.change;
  if (!actions.includes('delete')) return [];
  const isReplaced = actions.includes('create');
  const resource = plannedResource(change, {}, declared);
  const isStateful = STATEFUL.test(change.type);
  const because = isReplaced
    ? `the plan deletes it and makes it anew${paths.length === 0 ? '' : `, because of \`${paths.map((one) => one.join('.')).join('`, `')}\``}`
    : 'the plan deletes it';
  if (!isStateful && !isReplaced) return [];
  return [
    finding(resource, {
      ...{ rule: isReplaced ? 'replaced' : 'deleted', severity: isStateful ? 'error' : 'warning' },
      because: isStateful ? `${because}, with all that it holds` : because,
      hint: isStateful
        ? 'Move it (`moved`), import it, or take the change back; where it is meant, first copy what it holds.'
        : 'See that nothing depends on it while it is gone.',
    }),
  ];
}

/** In the place of its declaration; one of a module has none in the stack. */
function plannedResource(change: Change, after: JsonObject, declared: readonly Resource[]): Resource {
  const { address, mode, type } = change;
  const plain = address.replace(/\[[^\]]*\]$/, '');
  const source = declared.find((one) => one.address === plain);
  return {
    ...{ address, mode, type, path: source?.path ?? null, line: source?.line ?? null, text: source?.text ?? '' },
    body: bodyOfPlanned(after),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
