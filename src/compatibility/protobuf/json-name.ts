const jsonNames = new Map<string, string>();

/** `order_id` is `orderId` in ProtoJSON. */
export function jsonNameOf(name: string): string {
  const known = jsonNames.get(name);
  if (known !== undefined) return known;
  const json = name.replace(/_+([a-zA-Z0-9])?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase());
  jsonNames.set(name, json);
  return json;
}
