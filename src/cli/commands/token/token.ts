import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fail, messageOf } from '../../../base/errors.ts';
import { Role } from '../../../server/contract.ts';
import { clientOf, openClient } from '../../client.ts';
import { type Command, type Invocation, listOption, option, repeatable, textOption } from '../../command.ts';
import { keepCredentials } from '../../sign-in.ts';

/** `headgate token login`: keeps URL and token in ~/.config/headgate/credentials.json (0600), after trying them. */
const login: Command = {
  words: ['token', 'login'],
  summary: 'Sign in: try a token and keep it for this user',
  arguments: [],
  options: [
    option('--url <url>', 'where the control plane is (default: HEADGATE_URL, else http://127.0.0.1:7717)'),
    option('--token-file <file>', 'read the token from a file (default: HEADGATE_TOKEN, else asked for)'),
  ],
  async run(invocation) {
    const url = textOption(invocation, 'url') ?? (process.env.HEADGATE_URL || 'http://127.0.0.1:7717');
    const token = await givenToken(invocation);
    const me = await clientOf({ url, token }).whoami();
    const file = await keepCredentials({ url, token });
    invocation.print.result({ ...me, url, file }, () => [
      `Signed in as ${me.person} (${me.roles.join(', ')}); kept in ${file}`,
    ]);
    return 0;
  },
};

/** Never as an argument: those are seen by every process of the machine, and kept by shells. */
async function givenToken(invocation: Invocation): Promise<string> {
  const file = textOption(invocation, 'tokenFile');
  if (file !== null) {
    const text = await readFile(resolve(invocation.cwd, file), 'utf8').catch((error: unknown) => {
      throw fail('credentials-unusable', { file, because: messageOf(error) }, error);
    });
    return text.trim();
  }
  if (process.env.HEADGATE_TOKEN) return process.env.HEADGATE_TOKEN;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await lines.question('Token: ')).trim();
  } finally {
    lines.close();
  }
}

const whoami: Command = {
  words: ['token', 'whoami'],
  summary: 'Show whom the token belongs to and what it may do',
  arguments: [],
  options: [],
  async run({ print }) {
    const me = await (await openClient()).whoami();
    print.result(me, () => [
      `${me.person}: ${me.roles.join(', ')}; environments ${me.environments?.join(', ') ?? 'all'}; until ${me.expires ?? 'revoked'}`,
    ]);
    return 0;
  },
};

const create: Command = {
  words: ['token', 'create'],
  summary: 'Make a token for a person; its secret is printed this once',
  arguments: [],
  options: [
    option('--person <address>', 'whose: the address that their commits carry, so that authors are known'),
    repeatable('--role <role>', 'author, approver, operator or auditor; may be repeated'),
    repeatable('--environment <name>', 'binds it to environments; may be repeated (default: all)'),
    option('--days <count>', 'how long it holds', '90'),
    option('--label <text>', 'what it is for', ''),
  ],
  run: runCreate,
};

async function runCreate(invocation: Invocation) {
  const person = textOption(invocation, 'person');
  const roles = Role.array().min(1).safeParse(listOption(invocation, 'role'));
  if (person === null || !roles.success) {
    throw fail('request-invalid', { problem: '--person and --role (author, approver, operator, auditor) are needed' });
  }
  const named = listOption(invocation, 'environment');
  const days = Number(textOption(invocation, 'days') ?? 90);
  const label = textOption(invocation, 'label') ?? '';
  const environments = named.length === 0 ? null : named;
  const made = await (await openClient()).createToken({ person, label, roles: roles.data, environments, days });
  invocation.print.result(made, () => [
    `Token ${made.token.id} of ${person} (${made.token.roles.join(', ')}) until ${made.token.expires ?? 'revoked'}, shown this once:`,
    made.secret,
  ]);
  return 0 as const;
}

const list: Command = {
  words: ['token', 'list'],
  summary: 'List tokens, without their secrets',
  arguments: [],
  options: [],
  async run({ print }) {
    const tokens = await (await openClient()).tokens();
    print.result({ tokens }, () =>
      tokens.map(({ id, person, roles, revoked, expires, lastUsed }) => {
        const holds = revoked === null ? `until ${expires ?? 'revoked'}` : `revoked ${revoked}`;
        return `${id}  ${person.padEnd(28)} ${roles.join(',').padEnd(18)} ${holds}  last used ${lastUsed ?? 'never'}`;
      }),
    );
    return 0;
  },
};

const revoke: Command = {
  words: ['token', 'revoke'],
  summary: 'Revoke a token at once',
  arguments: ['<id>'],
  options: [],
  async run({ arguments: [id = ''], print }) {
    await (await openClient()).revokeToken(id);
    print.result({ revoked: id }, () => [`Token ${id} no longer holds.`]);
    return 0;
  },
};

const trust: Command = {
  words: ['token', 'trust'],
  summary: 'Let findings that are signed by this public key count at the gates',
  arguments: ['<name>', '<public-key-file>'],
  options: [],
  async run({ arguments: [name = '', file = ''], cwd, print }) {
    const publicPem = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
      throw fail('signing-key-unusable', { file, because: messageOf(error) }, error);
    });
    const { keyId } = await (await openClient()).trustKey({ name, publicPem });
    print.result({ keyId, name }, () => [`Findings signed by ${name} (${keyId}) count from now on.`]);
    return 0;
  },
};

const keys: Command = {
  words: ['token', 'keys'],
  summary: 'List the keys whose findings count',
  arguments: [],
  options: [],
  async run({ print }) {
    const known = await (await openClient()).keys();
    print.result({ keys: known }, () =>
      known.map(({ keyId, name, addedBy, added }) => `${keyId}  ${name}  by ${addedBy} at ${added}`),
    );
    return 0;
  },
};

const distrust: Command = {
  words: ['token', 'distrust'],
  summary: 'No longer let findings signed by this key count',
  arguments: ['<key-id>'],
  options: [],
  async run({ arguments: [id = ''], print }) {
    await (await openClient()).revokeKey(id);
    print.result({ revoked: id }, () => [`Findings signed by ${id} no longer count for new releases.`]);
    return 0;
  },
};

export const tokenCommands: readonly Command[] = [login, whoami, create, list, revoke, trust, keys, distrust];
