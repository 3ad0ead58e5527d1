import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pc from 'picocolors';
import { type BundleStore, openBundleStore } from '../../../base/bundle-store.ts';
import { fail } from '../../../base/errors.ts';
import type { TrustedKey } from '../../../base/signing.ts';
import { readTrustedKey } from '../../../base/signing-keys.ts';
import { BUNDLE_TYPE } from '../../../delivery/bundle/media-types.ts';
import { type Digest, shortOf } from '../../../model/identifiers.ts';
import { bundleFolder, findBundle, nearestProject, signingKeyFile } from '../../../workflows/bundle/bundle-place.ts';
import { asDigest } from '../../../workflows/bundle/pack-files.ts';
import { type Verification, verifyBundle } from '../../../workflows/bundle/verify-bundle.ts';
import { type StoreProblem, verifyStore } from '../../../workflows/bundle/verify-store.ts';
import { type Command, type Invocation, listOption, option, repeatable, textOption } from '../../command.ts';

/** `headgate verify`: offline; see docs/bundle.md for the JSON shape. Exit 0 when nothing is wrong, 1 when something is. */
export const verify: Command = {
  words: ['verify'],
  summary: 'Check offline that bundles are as they were made, and who signed what is attached',
  arguments: ['[digest-or-folder]'],
  options: [
    option('--store <folder>', 'where bundles are kept (default: .headgate/bundles of the project)'),
    repeatable('--key <file>', "public key to trust, as PEM (several times; default: the project's own)"),
  ],
  run: runVerify,
};

async function runVerify(invocation: Invocation) {
  const { print } = invocation;
  const named = invocation.arguments[0] ?? null;
  const folder = storeFolder(invocation, named);
  if (!existsSync(join(folder, 'index.json')))
    throw fail('bundle-not-found', { digest: named ?? 'of any digest', folder });
  const store = openBundleStore(folder);
  const trusted = await trustedKeys(invocation);
  const problems = await verifyStore(store);
  const bundles: Verification[] = [];
  for (const digest of await chosen(store, named)) {
    print.progress(`Reading ${digest} ...`);
    bundles.push(await verifyBundle(store, digest, trusted));
  }
  const ok = problems.length === 0 && bundles.every((bundle) => bundle.ok);
  const keys = trusted.map(({ keyId }) => keyId);
  print.result({ ok, store: store.folder, keys, problems, bundles }, () => lines({ bundles, problems, trusted }));
  return ok ? 0 : 1;
}

function storeFolder(invocation: Invocation, named: string | null): string {
  const { cwd } = invocation;
  const given = textOption(invocation, 'store');
  if (given !== null) return resolve(cwd, given);
  if (named !== null && existsSync(resolve(cwd, named, 'index.json'))) return resolve(cwd, named);
  if (named !== null && existsSync(resolve(cwd, named, 'headgate.yaml'))) return bundleFolder(resolve(cwd, named));
  return bundleFolder(nearestProject(cwd));
}

/** The bundle that a digest names; all of them when a folder or nothing is named. */
async function chosen(store: BundleStore, named: string | null): Promise<Digest[]> {
  if (named !== null && /^(sha256:)?[0-9a-f]{6,64}$/.test(named)) return [await findBundle(store, named)];
  if (named !== null && !existsSync(named)) throw fail('bundle-not-found', { digest: named, folder: store.folder });
  return (await store.digests(BUNDLE_TYPE)).map(asDigest);
}

async function trustedKeys(invocation: Invocation): Promise<TrustedKey[]> {
  const given = listOption(invocation, 'key').map((file) => resolve(invocation.cwd, file));
  const own = `${signingKeyFile(nearestProject(invocation.cwd))}.pub`;
  const files = given.length > 0 ? given : [own].filter((file) => existsSync(file));
  return Promise.all(files.map(readTrustedKey));
}

function lines(found: { bundles: Verification[]; problems: StoreProblem[]; trusted: TrustedKey[] }): string[] {
  const wrong = (subject: string, problem: string) => `  ${pc.red('x')} ${subject}: ${problem}`;
  return [
    ...found.problems.map(({ subject, problem }) => wrong(subject, problem)),
    ...found.bundles.flatMap((bundle) => [
      `${bundle.ok ? pc.green('whole ') : pc.red('wrong ')} ${bundle.digest}`,
      ...bundle.parts.map(({ part, blob, files }) => pc.dim(`    ${part}  ${shortOf(blob)}  ${files} files`)),
      ...bundle.attachments.map(({ type, trusted }) => pc.dim(`    ${type}  ${trust(trusted, found.trusted)}`)),
      ...bundle.problems.map(({ subject, problem }) => wrong(subject, problem)),
    ]),
    ...(found.bundles.length === 0 ? ['There is no bundle here.'] : []),
  ];
}

function trust(trusted: boolean | null, keys: readonly TrustedKey[]): string {
  if (trusted === null) return 'of a kind that this Headgate does not judge';
  if (keys.length === 0) return 'not judged: no key to trust was given (--key)';
  return trusted ? 'signed by a trusted key' : 'not signed by a trusted key';
}
