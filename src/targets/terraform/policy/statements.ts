import type { Json, JsonObject } from '../../../model/json.ts';
import { blocksOf, isObject, literal, type Resource } from './resources.ts';

/** One statement of an IAM policy. `principals` are as `AWS:*`; empty in a policy that is attached to somebody. */
export type Statement = {
  allows: boolean;
  actions: string[];
  resources: string[];
  principals: string[];
  conditions: string[];
};

const DOCUMENTS = ['policy', 'assume_role_policy', 'inline_policy'];

/** The statements that can be read in a resource: JSON in its fields, or an aws_iam_policy_document. */
export function statementsIn(resource: Resource, fields: readonly string[] = DOCUMENTS): Statement[] {
  if (resource.type === 'aws_iam_policy_document') return blocksOf(resource.body, 'statement').map(declaredStatement);
  const own = fields.flatMap((field) => statementsOf(literal(resource.body, field)));
  const inner = fields.flatMap((field) =>
    blocksOf(resource.body, field).flatMap((body) => statementsOf(literal(body, 'policy'))),
  );
  return [...own, ...inner];
}

function declaredStatement(body: Parameters<typeof literal>[0]): Statement {
  const effect = literal(body, 'effect');
  return {
    allows: effect === undefined || effect === 'Allow',
    actions: texts(literal(body, 'actions')),
    resources: texts(literal(body, 'resources')),
    principals: blocksOf(body, 'principals').flatMap((one) =>
      texts(literal(one, 'identifiers')).map((name) => `${literal(one, 'type')}:${name}`),
    ),
    conditions: blocksOf(body, 'condition').map((one) => String(literal(one, 'variable') ?? '')),
  };
}

function statementsOf(document: Json | undefined): Statement[] {
  const parsed = typeof document === 'string' ? parseJson(document) : undefined;
  if (!isObject(parsed)) return [];
  const list = Array.isArray(parsed.Statement) ? parsed.Statement : [parsed.Statement];
  return list.filter(isObject).map((one) => ({
    allows: one.Effect === 'Allow',
    actions: texts(one.Action),
    resources: texts(one.Resource),
    principals: principalsOf(one.Principal),
    conditions: isObject(one.Condition) ? Object.values(one.Condition).flatMap((inner) => keysOf(inner)) : [],
  }));
}

function principalsOf(principal: Json | undefined): string[] {
  if (principal === '*') return ['AWS:*'];
  if (!isObject(principal)) return [];
  return Object.entries(principal).flatMap(([kind, names]) => texts(names).map((name) => `${kind}:${name}`));
}

function keysOf(value: Json): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function texts(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function parseJson(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
