import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type CommandLine, commandLine } from './command-line.ts';
import { expect } from './facts.ts';
import { places } from './places.ts';

/** Everybody of the demo, each with a token of their own. The operator's is the control plane's first. */
export type People = {
  operator: CommandLine;
  author: CommandLine;
  approver: CommandLine;
  tokens: { [person: string]: string };
};

/** The address that commits and token of a person carry, so that an author is known as one. */
export function addressOf(person: string): string {
  return `${person}@example.invalid`;
}

/** Signs the operator in with the first token. The author may approve too, only not what they wrote themselves. */
export async function createPeople(url: string): Promise<People> {
  const first = (await readFile(places.token, 'utf8')).trim();
  const as = (token: string) => commandLine(places.estate, { HEADGATE_URL: url, HEADGATE_TOKEN: token });
  const operator = as(first);
  const author = await tokenFor(operator, 'author', ['author', 'approver']);
  const approver = await tokenFor(operator, 'approver', ['approver']);
  return { operator, author: as(author), approver: as(approver), tokens: { operator: first, author, approver } };
}

async function tokenFor(operator: CommandLine, person: string, roles: string[]): Promise<string> {
  const held = roles.flatMap((role) => ['--role', role]);
  const made = await operator([
    'token',
    'create',
    '--person',
    addressOf(person),
    ...held,
    '--days',
    '1',
    '--label',
    'demo',
  ]);
  expect(made.status === 0, `no token for ${person}: ${made.stdout}${made.stderr}`);
  return z.object({ secret: z.string() }).parse(made.json).secret;
}
