import { resolve } from 'node:path';
import pc from 'picocolors';
import { type FlakyTest, flakyTests } from '../../../delivery/checks/flaky/flaky-tests.ts';
import { openCheckCache } from '../../../workflows/checks/open-check-cache.ts';
import { readHistory } from '../../../workflows/checks/test-history.ts';
import { readProject } from '../../../workflows/project/read-project.ts';
import type { Command, Invocation } from '../../command.ts';

/** `headgate flaky`: see docs/checks.md for the JSON shape. */
export const flaky: Command = {
  words: ['flaky'],
  summary: 'List the tests that came out both ways with the same inputs',
  arguments: ['[folder]'],
  options: [],
  run: listFlaky,
};

async function listFlaky({ print, cwd, arguments: [folder = '.'] }: Invocation) {
  const reading = await readProject(resolve(cwd, folder));
  const cache = openCheckCache({ reading, write: false, warn: print.warn });
  const history = await readHistory(cache, reading.project.name);
  const today = new Date().toISOString().slice(0, 10);
  const tests = flakyTests(history.values(), reading.project.checking.quarantine, today);
  print.result({ tests }, () => (tests.length === 0 ? [noneLine(history.size)] : tests.flatMap(testLines)));
  return 0 as const;
}

function noneLine(known: number): string {
  return `No test came out both ways with the same inputs. ${known} ${known === 1 ? 'test is' : 'tests are'} known.`;
}

function testLines({ test, check, score, evidence, firstSeen, lastSeen, quarantine }: FlakyTest): string[] {
  const runs = evidence.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
  const failed = evidence.reduce((sum, one) => sum + one.failed, 0);
  const held = quarantine === null ? '' : `; in quarantine until ${quarantine.until}, ${quarantine.owner} mends it`;
  const days = `first seen ${firstSeen.slice(0, 10)}, last ${lastSeen.slice(0, 10)}`;
  return [
    `${pc.bold(score.toFixed(2))} ${test} ${pc.dim(`[${check}]`)}`,
    `     ${pc.dim(`failed ${failed} of ${runs} runs with the same inputs; ${days}${held}`)}`,
  ];
}
