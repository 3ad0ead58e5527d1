/** Values shorter than this are not blotted out: they would blot out ordinary words. */
const SHORTEST = 4;
const BLOT = '[secret]';

const known = new Set<string>();

/** Remembers a secret's value, in this process's memory only, so that `redact` blots it out from now on. */
export function learnSecret(value: string): void {
  for (const form of formsOf(value)) if (form.length >= SHORTEST) known.add(form);
}

/** The text with every secret that this process has read blotted out, also where it is encoded for a URL, JSON or base64. */
export function redact(text: string): string {
  return redactValues(text, known);
}

/** The text with the given values blotted out, longest first so that no rest of a longer one stays. */
function redactValues(text: string, values: Iterable<string>): string {
  const ordered = [...values].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return ordered.reduce((clean, value) => clean.replaceAll(value, BLOT), text);
}

function formsOf(value: string): Set<string> {
  return new Set([
    value,
    ...value.split(/\r?\n/).filter((line) => line.length >= 16),
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value, 'utf8').toString('base64'),
  ]);
}
