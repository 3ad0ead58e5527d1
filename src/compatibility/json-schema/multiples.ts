/** A number as an integer over a power of ten, exactly as it is written. */
type Decimal = { digits: bigint; scale: number };

function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = String(value).toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

function scaled(value: Decimal, scale: number): bigint {
  return value.digits * 10n ** BigInt(scale - value.scale);
}

/** Exact for decimals as written: 0.3 is a multiple of 0.1. */
export function isMultiple(value: number, of: number): boolean {
  const [a, b] = [decimalOf(value), decimalOf(of)];
  const scale = Math.max(a.scale, b.scale);
  const divisor = scaled(b, scale);
  return divisor !== 0n && scaled(a, scale) % divisor === 0n;
}

/** The least number that is a multiple of each; null for none given. */
export function leastCommon(numbers: readonly number[]): number | null {
  if (numbers.length === 0) return null;
  const decimals = numbers.map(decimalOf);
  const scale = Math.max(...decimals.map((decimal) => decimal.scale));
  const common = decimals.map((decimal) => scaled(decimal, scale)).reduce(leastCommonOfTwo);
  return Number(`${common}e-${scale}`);
}

function leastCommonOfTwo(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 0n : (a / x) * b;
}
