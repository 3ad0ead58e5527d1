import type { CheckDependency } from '../../../targets/contract.ts';

/** Which dependency, or which of several, a field of a check's input stands for. A field that is not named is free. */
export type FieldNeeds = { [field: string]: readonly CheckDependency[] };

/**
 * The input with only those fields that the check declares: to look at another throws, and copying leaves it out. So an
 * answer cannot depend on what its fingerprint does not say.
 */
export function declaredInput<Input extends object>(
  input: Input,
  check: { name: string; dependsOn: readonly CheckDependency[] },
  needs: FieldNeeds,
): Input {
  const isDeclared = (field: string | symbol) =>
    typeof field !== 'string' ||
    !Object.hasOwn(needs, field) ||
    (needs[field] ?? []).some((one) => check.dependsOn.includes(one));
  return new Proxy(input, {
    get(target, field, receiver) {
      if (isDeclared(field)) return Reflect.get(target, field, receiver);
      const names = (needs[String(field)] ?? []).join("' or '");
      throw new Error(`the check ${check.name} looks at \`${String(field)}\` and does not declare '${names}'`);
    },
    has: (target, field) => isDeclared(field) && Reflect.has(target, field),
    ownKeys: (target) => Reflect.ownKeys(target).filter(isDeclared),
  });
}
