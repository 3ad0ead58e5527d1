const unitSeconds: { [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90s`, `45m`, `1h30m`, `24h`, `7d` in seconds; null when the text is no duration. */
export function parseDuration(text: string): number | null {
  const pieces = [...text.matchAll(/(\d+)([smhdw])/g)];
  if (pieces.length === 0 || pieces.map((piece) => piece[0]).join('') !== text) return null;
  return pieces.reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (unitSeconds[unit] ?? 0), 0);
}
