import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSparkJob } from './check.ts';

const files = {
  entries: ['jobs/settle/settle.py', 'jobs/settle/readme.md'].map((path) => ({ path, size: 1, executable: false })),
  text: () => null,
};

test('a job whose application is there, with fixed packages, passes', () => {
  assert.deepEqual(
    judgeSparkJob(
      { path: 'jobs/settle/', main: 'settle.py', packages: ['io.delta:delta-spark_2.12:3.3.2'] },
      'settle',
      files,
    ),
    [],
  );
});

test('a missing application, one that Spark cannot run, and a package without a version are told', () => {
  const said = (part: Parameters<typeof judgeSparkJob>[0]) =>
    judgeSparkJob(part, 'settle', files).map(({ message }) => message);
  assert.deepEqual(said({ path: 'jobs/settle', main: 'setle.py' }), [
    'The job `settle` starts jobs/settle/setle.py, which is not there.',
  ]);
  assert.deepEqual(said({ path: 'jobs/settle', main: 'readme.md', packages: ['io.delta:delta-spark_2.12'] }), [
    'The job `settle` starts jobs/settle/readme.md, which Spark cannot run.',
    'The package `io.delta:delta-spark_2.12` of the job `settle` is no Maven coordinate.',
  ]);
});
