import { resolve } from 'node:path';
import { openBundleStore } from '../../../base/bundle-store.ts';
import { fail, isFailure } from '../../../base/errors.ts';
import { BUNDLE_TYPE } from '../../../delivery/bundle/media-types.ts';
import { bundleFolder, findBundle, nearestProject } from '../../../workflows/bundle/bundle-place.ts';
import type { Client } from '../../client.ts';
import { openClient } from '../../client.ts';
import { type Command, flagOption, type Invocation, option, textOption } from '../../command.ts';
import { followRelease } from '../../follow-release.ts';
import { exitOfRelease, releaseLines, short } from '../../release-lines.ts';
import { uploadBundle } from '../../upload-bundle.ts';

/** `headgate promote`: see docs/control-plane.md for the JSON shape (a release). */
export const promote: Command = {
  words: ['promote'],
  summary:
    'Bring a bundle into an environment: upload it, ask for it, and follow it until it is live or waits for people',
  arguments: ['[bundle]'],
  options: [
    option('--environment <name>', 'where to (default: the first of the chain)'),
    option('--store <folder>', 'where bundles are kept (default: .headgate/bundles of the project)'),
    option('--wait', 'also wait for people to approve'),
    option('--no-wait', 'ask only; do not follow'),
  ],
  run: runPromote,
};

async function runPromote(invocation: Invocation) {
  const { print } = invocation;
  const client = await openClient();
  const bundle = await bringBundle(invocation, client);
  const environment = textOption(invocation, 'environment') ?? (await firstOfChain(client));
  print.progress(`asking for ${short(bundle)} in ${environment}`);
  const asked = await client.askRelease(bundle, environment);
  const until = flagOption(invocation, 'wait') ? 'end' : 'hold';
  const noWait = invocation.options.wait === false;
  const release = noWait ? asked.release : await followRelease(client, { ...asked, until }, print);
  print.result(release, () => releaseLines(release));
  return exitOfRelease(release);
}

/**
 * The bundle that is meant, uploaded if the control plane lacks it: the named one, else the newest of the project's store.
 * One that is only on the control plane can be named by its digits too.
 */
export async function bringBundle(invocation: Invocation, client: Client): Promise<string> {
  const { cwd, print } = invocation;
  const named = invocation.arguments[0];
  const store = openBundleStore(resolve(cwd, textOption(invocation, 'store') ?? bundleFolder(nearestProject(cwd))));
  const local = named === undefined ? (await store.digests(BUNDLE_TYPE)).at(-1) : await localBundle(store, named);
  if (local === undefined) {
    if (named === undefined) throw fail('bundle-not-found', { digest: '(any)', folder: store.folder });
    return (await client.bundle(named)).digest;
  }
  const bytes = await uploadBundle({ digest: local, store, endpoint: client.endpoint }, print);
  print.progress(bytes === 0 ? 'the control plane has all of it already' : `${bytes} bytes sent`);
  return local;
}

async function localBundle(store: ReturnType<typeof openBundleStore>, named: string): Promise<string | undefined> {
  try {
    return await findBundle(store, named);
  } catch (error) {
    if (isFailure(error, 'bundle-not-found')) return undefined;
    throw error;
  }
}

async function firstOfChain(client: Client): Promise<string> {
  const all = await client.environments();
  const first = all.filter(({ after }) => after === null);
  const [only] = first;
  if (only === undefined || first.length > 1)
    throw fail('environment-not-said', { known: all.map(({ name }) => name).join(', ') });
  return only.name;
}
