import { fullFormats } from 'ajv-formats/dist/formats.js';

/** Formats that are held to, as ajv-formats and most validators of registries do, each with a text that has it. Others say nothing. */
export const knownFormats: ReadonlyMap<string, string> = new Map([
  ['date', '2026-01-31'],
  ['time', '12:30:00Z'],
  ['date-time', '2026-01-31T12:30:00Z'],
  ['duration', 'P1D'],
  ['uri', 'https://example.org/a'],
  ['uri-reference', '/a'],
  ['uri-template', '/a/{b}'],
  ['url', 'https://example.org/a'],
  ['email', 'a@example.org'],
  ['hostname', 'example.org'],
  ['ipv4', '192.0.2.1'],
  ['ipv6', '2001:db8::1'],
  ['regex', 'a+'],
  ['uuid', '6fa459ea-ee8a-4ca4-894e-db77e160355e'],
  ['json-pointer', '/a/b'],
  ['relative-json-pointer', '1/a'],
  ['byte', 'aGk='],
]);

/** Formats whose texts all have another one too. */
const within: { [format: string]: readonly string[] } = { uri: ['uri-reference'], url: ['uri', 'uri-reference'] };

/** How many characters texts of a format have, where that is limited: the shortest and the longest. */
const lengths: { [format: string]: readonly [least: number, most: number] } = {
  date: [10, 10],
  time: [9, Infinity],
  'date-time': [20, Infinity],
  duration: [3, Infinity],
  email: [3, Infinity],
  ipv4: [7, 15],
  ipv6: [2, 45],
  uuid: [36, 45],
};

/** Whether a format can have texts of such lengths. */
export function formatAllows(format: string, least: number, most: number): boolean {
  const [shortest, longest] = lengths[format] ?? [0, Infinity];
  return shortest <= most && longest >= least;
}

/** True when whatever has the one format has the other. */
export function formatImplies(format: string, other: string): boolean {
  return format === other || (within[format] ?? []).includes(other);
}

const tests: { readonly [format: string]: unknown } = fullFormats;

/** As ajv-formats judges it. */
export function hasFormat(format: string, text: string): boolean {
  const test = tests[format];
  const validate = typeof test === 'object' && test !== null && 'validate' in test ? test.validate : test;
  if (validate instanceof RegExp) return validate.test(text);
  return typeof validate === 'function' ? validate(text) === true : true;
}
