import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { auditLog } from './audit-log.ts';
import { checkFigures } from './checks.ts';
import { compatibilityFigures } from './compatibility.ts';
import { dagParsing } from './dag-parsing.ts';
import { exampleEstate } from './example-estate.ts';
import { impactFigures } from './impact.ts';
import { type Figure, machineLine } from './measure.ts';
import { pullRequestFigures } from './pull-request.ts';
import { helperFigures } from './warm-helper.ts';

/**
 * `npm run bench`: the figures of the README, with the machine named. `npm run bench -- impact` takes those of impact alone,
 * `npm run bench -- compat` those of compatibility, `npm run bench -- checks` those of kept answers, `npm run bench -- helper` those of the warm helper,
 * `npm run bench -- dags` those of reading DAG files, `npm run bench -- pull-request` those of a whole answer to a pull request.
 * `npm run bench -- crashes` runs the long experiments instead: 100 switches under running DAGs and 200 real kills, each asserted.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const words = process.argv.slice(2);
const long = words.includes('crashes');
const areas: { [area: string]: () => Promise<Figure[]> } = {
  impact: impactFigures,
  compat: compatibilityFigures,
  checks: checkFigures,
  helper: helperFigures,
  dags: dagParsing,
  'pull-request': pullRequestFigures,
};
const wanted = Object.keys(areas).filter((area) => words.includes(area));

process.stdout.write(`${machineLine()}\n\n`);
process.exitCode = long ? runLong() : await runShort();

async function runShort(): Promise<number> {
  const others = async () => [...(await exampleEstate()), ...(await auditLog())];
  const figures: Figure[] = wanted.length === 0 ? await others() : [];
  for (const [area, take] of Object.entries(areas))
    if (wanted.length === 0 || wanted.includes(area)) figures.push(...(await take()));
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
