import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import type { CheckInput, TargetCheck } from '../contract.ts';
import { judgeCompiled, judgeManifest, type Placing } from './check-manifest.ts';
import { judgeReferences } from './check-references.ts';
import { buildChanged, unitTests, withoutDbt } from './check-rehearsal.ts';
import { sqlLint } from './check-sql.ts';
import { judgeDbtValues } from './check-values.ts';
import { DbtPart } from './config.ts';
import { dbtTexts } from './dbt-project-texts.ts';
import { dbtIdentity, readCompiled, readManifest } from './read-manifest.ts';

type Placed = Placing & { missingPackages: boolean };

/** Packages are named, but `dbt deps` has not fetched them. */
function placedIn(input: CheckInput): Placed {
  const texts = dbtTexts(input.files, DbtPart.parse(input.part.settings).path);
  const fetched = ['dbt_packages', 'dbt_modules'].some((name) => existsSync(join(input.root, texts.folder, name)));
  return { folder: texts.folder, text: input.files.text, missingPackages: texts.hasPackages && !fetched };
}

const parse: TargetCheck = {
  name: 'dbt-parse',
  title: 'dbt understands the project, and every model and source that is referred to is there',
  dependsOn: ['part-files', 'settings', 'values', 'runtime'],
  budgetSeconds: 900,
  identity: dbtIdentity,
  async run(input) {
    const references = judgeReferences(input.files, dbtTexts(input.files, DbtPart.parse(input.part.settings).path));
    const manifest = await readManifest(input);
    if ('absent' in manifest) return [...references, withoutDbt('dbt-parse', manifest.absent)];
    const said = judgeManifest(manifest, placedIn(input));
    return [...references, ...said.filter((one) => !references.some((reference) => tellsTheSame(one, reference)))];
  },
};

/** dbt stops at the first missing reference and names only its file; the text gives all of them with their lines. */
function tellsTheSame(said: Finding, reference: Finding): boolean {
  return said.path === reference.path && /which was not found|depends on a (?:node|source)/.test(said.message);
}

const compile: TargetCheck = {
  name: 'dbt-compile',
  title: 'dbt can turn every model into SQL',
  dependsOn: ['part-files', 'settings', 'values', 'runtime'],
  budgetSeconds: 900,
  identity: dbtIdentity,
  async run(input) {
    const manifest = await readManifest(input);
    if ('absent' in manifest) return [withoutDbt('dbt-compile', manifest.absent)];
    if (manifest.errors.length > 0)
      return [withoutDbt('dbt-compile', 'dbt could not read the project (see dbt-parse)')];
    const compiled = await readCompiled(input, input.control?.signal);
    return 'absent' in compiled
      ? [withoutDbt('dbt-compile', compiled.absent)]
      : judgeCompiled(compiled, manifest, placedIn(input));
  },
};

const values: TargetCheck = {
  name: 'environment-values',
  title: 'Every var() and env_var() of dbt is given',
  dependsOn: ['part-files', 'settings'],
  async run({ files, part, declared }) {
    const settings = DbtPart.parse(part.settings);
    return declared ? judgeDbtValues(files, dbtTexts(files, settings.path), settings) : [withoutProject()];
  },
};

function withoutProject(): Finding {
  const message = 'There is no headgate.yaml that declares values.';
  return skipped('environment-values', message, { hint: 'Run `headgate init`.' });
}

/** The checks of a dbt project, on what the real dbt says of it. */
export const dbtChecks: readonly TargetCheck[] = [parse, compile, values, unitTests, buildChanged, sqlLint];
