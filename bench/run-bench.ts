import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { auditLog } from './audit-log.ts';
import { checkFigures } from './checks.ts';
import { compatibilityFigures } from './compatibility.ts';
import { dagParsing } from './dag-parsing.ts';
import { exampleEstate } from './example-estate.ts';
import { impactFigures } from './impact.ts';
import { type Figure, machineLine } from './measure.ts';

/**
 * `npm run bench`: the figures of the README, with the machine named. `npm run bench -- impact` takes those of impact alone,
 * `npm run bench -- compat` those of compatibility, `npm run bench -- checks` those of kept answers.
 * `npm run bench -- crashes` runs the long experiments instead: 100 switches under running DAGs and 200 real kills, each asserted.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const long = process.argv.slice(2).includes('crashes');
const onlyImpact = process.argv.slice(2).includes('impact');
const onlyCompat = process.argv.slice(2).includes('compat');
const onlyChecks = process.argv.slice(2).includes('checks');

process.stdout.write(`${machineLine()}\n\n`);
process.exitCode = long ? runLong() : await runShort();

async function runShort(): Promise<number> {
  const others = async () => [...(await exampleEstate()), ...(await dagParsing()), ...(await auditLog())];
  const figures: Figure[] = [
    ...(onlyImpact || onlyCompat || onlyChecks ? [] : await others()),
    ...(onlyCompat || onlyChecks ? [] : await impactFigures()),
    ...(onlyImpact || onlyChecks ? [] : await compatibilityFigures()),
    ...(onlyImpact || onlyCompat ? [] : await checkFigures()),
  ];
  const rows = figures.map(({ what, value, beside }) => `| ${what} | ${value} | ${beside} |`);
  process.stdout.write(['| what | median | beside |', '|---|---|---|', ...rows, ''].join('\n'));
  return 0;
}

function runLong(): number {
  const env = { ...process.env, HEADGATE_SWITCHES: '100', TWIN_KILLS: '200' };
  const files = [
    'tests/airflow/no-run-mixes-releases.test.ts',
    'tests/twin/twin.test.ts',
    'tests/simulator/simulator.test.ts',
  ];
  const ran = spawnSync(process.execPath, ['scripts/run-tests.ts', ...files], { cwd: root, env, stdio: 'inherit' });
  return ran.status ?? 3;
}
