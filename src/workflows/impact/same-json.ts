/** Whether two values would be printed as the same JSON: the order of keys counts. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [own, others] = [Object.keys(a), Object.keys(b)];
  if (own.length !== others.length) return false;
  for (let at = 0; at < own.length; at += 1) {
    const key = own[at] ?? '';
    if (key !== others[at] || !isSameJson(a[key], b[key])) return false;
  }
  return true;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
