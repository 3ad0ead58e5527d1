import { resolve } from 'node:path';
import { fail } from '../../../base/errors.ts';
import { parseShard, type Shard } from '../../../delivery/checks/partition.ts';
import { exitOf } from '../../../delivery/checks/report.ts';
import { askedCatalog } from '../../../workflows/checks/asked-catalog.ts';
import { type CheckTimes, readTimes, writeTimes } from '../../../workflows/checks/check-times.ts';
import { openCheckCache } from '../../../workflows/checks/open-check-cache.ts';
import { projectBase } from '../../../workflows/checks/project-base.ts';
import { runChecks } from '../../../workflows/checks/run-checks.ts';
import { readProject } from '../../../workflows/project/read-project.ts';
import { flagOption, type Invocation, listOption, textOption } from '../../command.ts';
import { movingLine } from './moving-line.ts';
import { reportWish, tellReport } from './tell-report.ts';

const TICK_MILLISECONDS = 1000;

/** What `headgate check` does. */
export async function runCheck(invocation: Invocation) {
  const { print, cwd } = invocation;
  const environment = textOption(invocation, 'environment');
  const wish = reportWish(invocation);
  const [shard, times] = [shardOf(invocation), timesOf(invocation)];
  const lines = flagOption(invocation, 'jsonLines');
  const line = movingLine();
  const ticking = setInterval(() => {
    const text = line.text(Date.now());
    if (text !== '') print.moving(text);
  }, TICK_MILLISECONDS);
  ticking.unref();
  print.moving('Reading the project ...');
  try {
    const reading = await readProject(resolve(cwd, invocation.arguments[0] ?? '.'));
    const revision = textOption(invocation, 'base');
    const base = revision === null ? null : projectBase(reading, { revision, environment });
    print.moving('Reading DAGs and models ...');
    const exact = flagOption(invocation, 'static') ? 'never' : 'auto';
    const reuse = flagOption(invocation, 'cache');
    const cache = openCheckCache({ reading, write: flagOption(invocation, 'cacheWrite'), warn: print.warn });
    const kept = reuse ? cache : null;
    const catalog = askedCatalog(reading, { exact, environment, cache: kept }, kept);
    const report = await runChecks({
      ...{
        reading,
        catalog,
        environment,
        only: listOption(invocation, 'only'),
        exact,
        cache,
        reuse,
        shard,
        times,
        base,
      },
      slow: flagOption(invocation, 'slow'),
      ...(lines ? { onFinding: (finding) => print.pass('stdout', `${JSON.stringify(finding)}\n`) } : {}),
      onProgress: (progress) => {
        line.hear(progress, Date.now());
        print.moving(line.text(Date.now()));
      },
      onAnswers: (answers) => {
        const file = textOption(invocation, 'writeTimes');
        if (file !== null) writeTimes(resolve(cwd, file), times, answers);
      },
    });
    if (invocation.kept === null) await cache.close();
    else invocation.kept.later.push(() => cache.close());
    if (lines) print.pass('stdout', `${JSON.stringify({ summary: report.summary })}\n`);
    else tellReport(invocation, report, { wish, folder: reading.root });
    return exitOf(report);
  } finally {
    clearInterval(ticking);
    print.moving('');
  }
}

function shardOf(invocation: Invocation): Shard | null {
  const text = textOption(invocation, 'shard');
  if (text === null) return null;
  const shard = parseShard(text);
  if (shard === null)
    throw fail('option-not-allowed', {
      option: '--shard',
      value: text,
      allowed: 'i/n with i from 1 to n, such as 2/4',
    });
  return shard;
}

function timesOf(invocation: Invocation): CheckTimes {
  const file = textOption(invocation, 'times');
  return file === null ? {} : readTimes(resolve(invocation.cwd, file));
}
