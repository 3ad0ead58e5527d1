import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../command.ts';
import { endFamily, signalled } from '../../warm-helper/end-family.ts';
import { helperFolder } from '../../warm-helper/helper-place.ts';
import { type HelperRecord, runningHelpers } from '../../warm-helper/helper-record.ts';

const GRACE_SECONDS = 5;

/** `headgate helper status`: `[{name, pid, began, root, since}]` */
export const helperStatus: Command = {
  words: ['helper', 'status'],
  summary: 'List the warm helpers that run',
  arguments: [],
  options: [],
  async run({ print }) {
    const helpers = await runningHelpers(helperFolder());
    print.result(helpers, () => (helpers.length === 0 ? ['No helper runs.'] : helpers.map(helperLine)));
    return 0;
  },
};

/** `headgate helper stop`: gives those that it stopped, as status does. */
export const helperStop: Command = {
  words: ['helper', 'stop'],
  summary: 'Stop the warm helpers of this user, with what they are at',
  arguments: [],
  options: [],
  async run({ print }) {
    const folder = helperFolder();
    const helpers = await runningHelpers(folder);
    for (const { pid } of helpers) signalled(pid, 'SIGTERM');
    for (const { pid } of await stillRunning(folder)) {
      await endFamily(pid);
      signalled(pid, 'SIGKILL');
    }
    print.result(helpers, () => (helpers.length === 0 ? ['No helper ran.'] : helpers.map(stoppedLine)));
    return 0;
  },
};

async function stillRunning(folder: string): Promise<HelperRecord[]> {
  const deadline = Date.now() + GRACE_SECONDS * 1000;
  for (;;) {
    const left = await runningHelpers(folder);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(50);
  }
}

function helperLine({ pid, root, since }: HelperRecord): string {
  return `${root}  process ${pid}, since ${since}`;
}

function stoppedLine({ root }: HelperRecord): string {
  return `Stopped the helper of ${root}.`;
}
