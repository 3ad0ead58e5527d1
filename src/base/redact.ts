/** Values shorter than this are not blotted out: they would blot out ordinary words. */
const SHORTEST = 4;
const BLOT = '[secret]';

const known = new Set<string>();

/** Remembers a secret's value, in this process's memory only, so that `redact` blots it out from now on. */
export function learnSecret(value: string): void {
  for (const form of formsOf(value)) if (form.length >= SHORTEST) known.add(form);
}

/** The text with every secret that this process has read blotted out, also where it is encoded for a URL, JSON, HCL or base64. */
export function redact(text: string): string {
  return redactValues(text, known);
}

/** The text with the given values blotted out, longest first so that no rest of a longer one stays. */
function redactValues(text: string, values: Iterable<string>): string {
  const ordered = [...values].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
  return ordered.reduce((clean, value) => clean.replaceAll(value, BLOT), text);
}

/** Takes text piece by piece and passes it on redacted. */
export type RedactedStream = { take(piece: string): void; end(): void };

/** `write` gets the text with secrets blotted out, also one that comes in two pieces: what may begin one is held back. */
export function redactedStream(write: (text: string) => void): RedactedStream {
  let held = '';
  const pass = (text: string) => {
    if (text !== '') write(text);
  };
  return {
    take(piece) {
      const clean = redact(held + piece);
      const end = clean.length - beginningAtEnd(clean);
      held = clean.slice(end);
      pass(clean.slice(0, end));
    },
    end() {
      pass(held);
      held = '';
    },
  };
}

/** How many signs at the end of the text are the beginning of a secret. */
function beginningAtEnd(text: string): number {
  const longest = Math.max(0, ...[...known].map((value) => value.length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const end = text.slice(-length);
    if ([...known].some((value) => value.length > length && value.startsWith(end))) return length;
  }
  return 0;
}

function formsOf(value: string): Set<string> {
  return new Set([
    value,
    ...value.split(/\r?\n/).filter((line) => line.length >= 16),
    encodeURIComponent(value.toWellFormed()),
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(value)
      .slice(1, -1)
      .replaceAll(/[$%]\{/g, (opening) => `${opening.charAt(0)}${opening}`),
    Buffer.from(value, 'utf8').toString('base64'),
  ]);
}
