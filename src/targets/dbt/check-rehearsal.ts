import { notTold, passed, setUpOnce, skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { partKey } from '../../model/identifiers.ts';
import type { TargetCheck } from '../contract.ts';
import { DbtPart } from './config.ts';
import { dbtTexts } from './dbt-project-texts.ts';
import { judgeBuild, judgeUnitTests } from './judge-rehearsal.ts';
import { dbtIdentity, rehearse } from './read-manifest.ts';
import { rehearseBuild } from './rehearse-build.ts';

export const unitTests: TargetCheck = {
  name: 'dbt-unit-tests',
  title: 'Every unit test of dbt passes',
  dependsOn: ['part-files', 'settings', 'values', 'runtime', 'clock'],
  weight: { cores: 1, memoryMb: 600 },
  budgetSeconds: 900,
  identity: dbtIdentity,
  async run(input) {
    const { folder, yaml } = dbtTexts(input.files, DbtPart.parse(input.part.settings).path);
    const isTested = yaml.some((path) => /^unit_tests\s*:/m.test(input.files.text(path) ?? ''));
    if (!isTested) return [skipped('dbt-unit-tests', 'The project has no unit tests.')];
    const said = await rehearse(input, { what: 'unit', sourceData: null, signal: input.control?.signal });
    return 'absent' in said
      ? [withoutDbt('dbt-unit-tests', said.absent)]
      : judgeUnitTests(said, { folder, text: input.files.text });
  },
};

export const buildChanged: TargetCheck = {
  name: 'dbt-build-changed',
  title: 'Seeds and models build, and data tests pass on them',
  dependsOn: ['project-files', 'settings', 'values', 'runtime', 'base', 'clock'],
  identity: dbtIdentity,
  slow: true,
  weight: { cores: 2, memoryMb: 800 },
  budgetSeconds: 900,
  async run(input) {
    const { folder } = dbtTexts(input.files, DbtPart.parse(input.part.settings).path);
    const told = await rehearseBuild(input);
    if ('absent' in told) return [withoutDbt(BUILD, told.absent)];
    const found = judgeBuild(told.said, { folder, text: input.files.text });
    if (found.length > 0) return [...found, skipped(BUILD, told.how)];
    return [passed(BUILD, `${buildChanged.title}. ${told.how.replace(/\.$/, '')}`, partKey('dbt', input.part.name))];
  },
};

const BUILD = 'dbt-build-changed';

/** dbt cannot be asked here, with why. */
export function withoutDbt(check: string, absent: string): Finding {
  return notTold(check, absent, absent.includes('runtime') ? setUpOnce : null);
}
