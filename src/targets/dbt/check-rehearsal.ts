import { notTold, setUpOnce, skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { joinPath } from '../../model/join-path.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { DbtPart } from './config.ts';
import { dbtTexts } from './dbt-project-texts.ts';
import { judgeBuild, judgeUnitTests } from './judge-rehearsal.ts';
import { dbtIdentity, rehearse } from './read-manifest.ts';

export const unitTests: TargetCheck = {
  name: 'dbt-unit-tests',
  title: 'Every unit test of dbt passes',
  dependsOn: ['part-files', 'settings', 'values', 'runtime'],
  weight: { cores: 1, memoryMb: 600 },
  identity: dbtIdentity,
  async run(input) {
    const { folder, yaml } = dbtTexts(input.files, DbtPart.parse(input.part.settings).path);
    const isTested = yaml.some((path) => /^unit_tests\s*:/m.test(input.files.text(path) ?? ''));
    if (!isTested) return [skipped('dbt-unit-tests', 'The project has no unit tests.')];
    const said = await rehearse(input, { what: 'unit', sourceData: null });
    return 'absent' in said
      ? [withoutDbt('dbt-unit-tests', said.absent)]
      : judgeUnitTests(said, { folder, text: input.files.text });
  },
};

export const buildChanged: TargetCheck = {
  name: 'dbt-build-changed',
  title: 'Seeds and models build, and data tests pass on them',
  dependsOn: ['project-files', 'settings', 'values', 'runtime'],
  identity: dbtIdentity,
  slow: true,
  weight: { cores: 2, memoryMb: 800 },
  budgetSeconds: 900,
  async run(input) {
    const { folder } = dbtTexts(input.files, DbtPart.parse(input.part.settings).path);
    const sourceData = sourceDataOf(input, folder);
    const said = await rehearse(input, { what: 'build', sourceData });
    return 'absent' in said
      ? [withoutDbt('dbt-build-changed', said.absent)]
      : judgeBuild(said, { folder, text: input.files.text });
  },
};

/** The folder that the part names, else `source-data` of the dbt project. */
function sourceDataOf({ part, files }: CheckInput, folder: string): string | null {
  const named = DbtPart.parse(part.settings)['source-data'];
  const place = named === undefined ? joinPath(folder, 'source-data') : normalFolder(named);
  return files.entries.some(({ path }) => isInside(path, place)) ? place : null;
}

/** dbt cannot be asked here, with why. */
export function withoutDbt(check: string, absent: string): Finding {
  return notTold(check, absent, absent.includes('runtime') ? setUpOnce : null);
}
