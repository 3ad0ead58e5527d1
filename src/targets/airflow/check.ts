import ignore from 'ignore';
import type { BridgeDagFile } from '../../base/bridge/shapes.ts';
import { notTold, setUpOnce, skipped } from '../../model/check-finding.ts';
import type { Finding } from '../../model/finding.ts';
import { assetKey } from '../../model/identifiers.ts';
import { isInside, normalFolder } from '../../model/path-schema.ts';
import type { CheckInput, Discovery, TargetCheck } from '../contract.ts';
import { dagsOf } from './check-dags.ts';
import { type DagDefinition, judgeDuplicates } from './check-duplicates.ts';
import { askedIn, askedInText, judgeEnvironment } from './check-environment.ts';
import { judgeCycles, judgeImports, judgeLimits, judgeOwners, judgeSchedules } from './check-integrity.ts';
import { tests } from './check-tests.ts';
import { judgeTopLevel } from './check-top-level.ts';
import { types } from './check-types.ts';
import { AirflowPart } from './config.ts';
import { dagReadingDigest, readDagFiles } from './read-dag-files.ts';

type Judge = (files: BridgeDagFile[], input: CheckInput) => Finding[];
type Described = Pick<TargetCheck, 'name' | 'title' | 'dependsOn'>;

/** A check that needs the real Airflow; without it the check is skipped and says so. */
function exactCheck(described: Described, judge: Judge): TargetCheck {
  return {
    ...described,
    identity: dagReadingDigest,
    async run(input) {
      const files = await readDagFiles(input);
      return 'absent' in files ? [notTold(described.name, files.absent, setUpOnce)] : judge(files, input);
    },
  };
}

const duplicateIds: TargetCheck = {
  name: 'dag-duplicate-ids',
  title: 'Every DAG id is defined once',
  dependsOn: ['part-files', 'settings', 'values', 'runtime', 'discovery'],
  identity: dagReadingDigest,
  needsDiscovery: async (input) => input.siblings.length > 0 || 'absent' in (await readDagFiles(input)),
  async run(input) {
    const files = await readDagFiles(input);
    const own = 'absent' in files ? inDiscovery(input.part.name, input.discovery) : inFiles(input.part.name, files);
    const others = input.siblings.flatMap(({ part, discovery }) => inDiscovery(part.name, discovery));
    return judgeDuplicates(own, others);
  },
};

function inFiles(part: string, files: BridgeDagFile[]): DagDefinition[] {
  return dagsOf(files).map(({ key, path, dag }) => ({ key, dagId: dag.dagId, path, line: dag.line, part }));
}

function inDiscovery(part: string, { assets }: Discovery): DagDefinition[] {
  return assets.flatMap(({ key, kind, name, path, line }) =>
    kind === 'airflow:dag' && path !== null
      ? [{ key: assetKey(kind, name), dagId: name, path, line, part }].filter((one) => one.key === key)
      : [],
  );
}

const environment: TargetCheck = {
  name: 'dag-environment',
  title: 'Every variable, connection and pool that DAGs use is given by headgate.yaml',
  dependsOn: ['part-files', 'settings', 'values', 'runtime'],
  identity: dagReadingDigest,
  async run(input) {
    if (!input.declared) return [undeclared()];
    const part = AirflowPart.parse(input.part.settings);
    const files = await readDagFiles(input);
    const asked = 'absent' in files ? askedInTexts(input, part) : askedIn(files);
    return judgeEnvironment({ asked, part, valueNames: input.valueNames, text: input.files.text });
  },
};

function undeclared(): Finding {
  const message = 'There is no headgate.yaml that says which connections, variables and pools there are.';
  return skipped('dag-environment', message, { hint: 'Run `headgate init`.' });
}

function askedInTexts({ files }: CheckInput, part: AirflowPart) {
  const dags = normalFolder(part.dags);
  return files.entries
    .filter(({ path }) => path.endsWith('.py') && isInside(path, dags))
    .map(({ path }) => askedInText(path, files.text(path) ?? ''));
}

function legacyIn(input: CheckInput): (path: string) => boolean {
  const rules = ignore().add(AirflowPart.parse(input.part.settings).legacy ?? []);
  return (path) => rules.ignores(path);
}

const onCode = ['part-files', 'settings', 'values', 'runtime'] as const;

/** The checks of a DAG folder, on what the real Airflow says of it. They share one reading. */
export const airflowChecks: readonly TargetCheck[] = [
  exactCheck({ name: 'dag-imports', title: 'Airflow can import every DAG file', dependsOn: onCode }, judgeImports),
  duplicateIds,
  exactCheck(
    { name: 'dag-cycles', title: 'No task graph leads back to its beginning', dependsOn: onCode },
    judgeCycles,
  ),
  exactCheck({ name: 'dag-schedule', title: 'Airflow understands every schedule', dependsOn: onCode }, judgeSchedules),
  exactCheck({ name: 'dag-owner', title: 'Every DAG has an owner', dependsOn: onCode }, (files, input) =>
    judgeOwners(files, input.ownerOf),
  ),
  exactCheck(
    { name: 'dag-top-level', title: 'No DAG file works while it is read', dependsOn: onCode },
    (files, input) => judgeTopLevel(files, legacyIn(input)),
  ),
  environment,
  exactCheck({ name: 'dag-limits', title: 'Every DAG file is read within its limits', dependsOn: onCode }, judgeLimits),
  tests,
  types,
];
