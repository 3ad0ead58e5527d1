/** Where a secret is, in two halves: `env:NAME` gives `{scheme: 'env', place: 'NAME'}`. */
export type ParsedReference = { scheme: string; place: string };

/** What each scheme's place looks like. A scheme that is not here is one that a further provider may know. */
const PLACES: { [scheme: string]: RegExp } = {
  env: /^[A-Za-z_][A-Za-z0-9_]*$/,
  file: /^\/./,
};

/** The halves of a reference; null when `text` is none (a plain word, a secret pasted in by mistake, a relative path). */
export function parseSecretReference(text: string): ParsedReference | null {
  const match = /^([a-z][a-z0-9-]*):(.+)$/.exec(text);
  if (match === null) return null;
  const [, scheme = '', place = ''] = match;
  const shape = Object.hasOwn(PLACES, scheme) ? PLACES[scheme] : /^\S+$/;
  return shape?.test(place) ? { scheme, place } : null;
}
