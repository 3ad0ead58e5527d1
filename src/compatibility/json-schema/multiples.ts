/** A number as an integer over a power of ten, exactly as it is written. */
type Decimal = { digits: bigint; scale: number };

export function decimalOf(value: number): Decimal {
  return decimalOfText(String(value));
}

function decimalOfText(text: string): Decimal {
  const [mantissa = '0', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** The numbers of a JSON text that a double does not hold as they are written, in order. */
export function inexactNumbers(text: string): string[] {
  if (!/\d[\d.]{15}|\d[eE][+-]?\d\d/.test(text)) return [];
  const numbers = text.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? [];
  return numbers.filter((number) => !isExact(number));
}

function isExact(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const [written, held] = [decimalOfText(text), decimalOf(value)];
  const scale = Math.max(written.scale, held.scale);
  return scale < 2000 && scaled(written, scale) === scaled(held, scale);
}

/** The number in units of 10^-scale; `scale` is no less than its own. */
export function scaled(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}

/** The number that so many units of 10^-scale are; null where a double cannot hold it exactly. */
export function numberOf(units: bigint, scale: number): number | null {
  const value = Number(`${units}e-${scale}`);
  if (!Number.isFinite(value)) return null;
  const exact = decimalOf(value);
  const common = Math.max(scale, exact.scale);
  return scaled(exact, common) === scaled({ digits: units, scale }, common) ? value : null;
}

/** Exact for decimals as written: 0.3 is a multiple of 0.1. */
export function isMultiple(value: number, of: number): boolean {
  const [a, b] = [decimalOf(value), decimalOf(of)];
  const scale = Math.max(a.scale, b.scale);
  const divisor = scaled(b, scale);
  return divisor !== 0n && scaled(a, scale) % divisor === 0n;
}

/** The least common multiple of positive integers; 1 of none. */
export function leastCommon(numbers: readonly bigint[]): bigint {
  return numbers.reduce(leastCommonOfTwo, 1n);
}

function leastCommonOfTwo(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return (a / x) * b;
}
