import { normalFolder } from '../../model/path-schema.ts';
import type { TargetCheck } from '../contract.ts';
import { runChosenTests, seenByTests, type TestRig } from '../python-tests/run-chosen-tests.ts';
import { SparkPart } from './config.ts';

const rig: Omit<TestRig, 'check' | 'direct'> = {
  beside: null,
  runtime: 'spark',
  package: 'pyspark',
  partOf({ name, settings }) {
    const { path, tests } = SparkPart.parse(settings);
    return { name, folders: [normalFolder(path)], tests: tests?.map(normalFolder) ?? null };
  },
  env: () => ({
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LOCAL_DIRS: '{scratch}',
    // Tests are short: half the processor time without the second compiler.
    JAVA_TOOL_OPTIONS: '-Djava.io.tmpdir={scratch} -XX:-UsePerfData -XX:TieredStopAtLevel=1 -XX:+UseSerialGC',
  }),
};
const plain: TestRig = { ...rig, check: 'pytest', direct: false };
const local: TestRig = { ...rig, check: 'spark-tests', direct: true };

/** Tests of a job that start no Spark. */
export const plainTests: TargetCheck = {
  name: 'pytest',
  title: 'The tests of the job that need no Spark pass',
  dependsOn: ['project-files', 'settings', 'values', 'runtime'],
  weight: { cores: 1, memoryMb: 300 },
  mayFlake: true,
  reads: (input) => seenByTests(plain, input),
  run: (input) => runChosenTests(plain, input),
};

export const localTests: TargetCheck = {
  name: 'spark-tests',
  title: 'The tests of the job pass on a local Spark',
  dependsOn: ['project-files', 'settings', 'values', 'runtime'],
  slow: true,
  weight: { cores: 2, memoryMb: 2000 },
  budgetSeconds: 1800,
  mayFlake: true,
  reads: (input) => seenByTests(local, input),
  run: (input) => runChosenTests(local, input),
};
