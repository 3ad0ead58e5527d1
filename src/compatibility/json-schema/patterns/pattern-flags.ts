/**
 * The flags that a pattern is a regular expression with: `u` as JSON Schema asks, none for what is only one without (`[\\w-.]`,
 * `\\-`), which other validators take; null for what is none at all.
 */
export function flagsOf(pattern: string): 'u' | '' | null {
  for (const flags of ['u', ''] as const) {
    try {
      new RegExp(pattern, flags);
      return flags;
    } catch {
      // Tried again without the flag; then it is no expression at all.
    }
  }
  return null;
}
