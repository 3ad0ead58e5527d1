import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromDbtPackages, fromLock, fromMavenPackages, fromRequirements, uniqueDependencies } from './dependencies.ts';

const hash = 'a'.repeat(64);

test('requirements give names, versions and hashes; options, links and comments are passed over', () => {
  const text = `# comment
-r base.txt
--index-url https://example.com/simple
Requests[socks]==2.32.3 \\
    --hash=sha256:${hash} \\
    --hash=sha256:${'b'.repeat(64)}
My_Package.Name>=1.0,<2 ; python_version > "3.9"
pandas  # any
`;
  assert.deepEqual(
    fromRequirements(text).map(({ name, version, sha256 }) => [name, version, sha256.length]),
    [
      ['requests', '2.32.3', 2],
      ['my-package-name', '>=1.0,<2', 0],
      ['pandas', null, 0],
    ],
  );
});

test('dbt packages come from the hub and from git; broken YAML gives none', () => {
  const text =
    'packages:\n  - package: dbt-labs/dbt_utils\n    version: [">=1.0.0", "<2.0.0"]\n  - git: https://example.com/a/b.git\n    revision: main\n  - local: ../x\n';
  assert.deepEqual(
    fromDbtPackages(text).map(({ group, name, version }) => [group, name, version]),
    [
      ['dbt-labs', 'dbt_utils', '>=1.0.0,<2.0.0'],
      ['https://example.com/a', 'b', 'main'],
    ],
  );
  assert.deepEqual(fromDbtPackages('packages: ['), []);
});

test('maven packages come from the settings of a Spark part', () => {
  assert.deepEqual(
    fromMavenPackages({ packages: ['org.postgresql:postgresql:42.7.4', 'broken'] }).map(({ group, name, version }) => [
      group,
      name,
      version,
    ]),
    [['org.postgresql', 'postgresql', '42.7.4']],
  );
});

test('a lock gives packages, jars and images with their digests; what is no lock gives none', () => {
  const digest = `sha256:${hash}`;
  const runtime = {
    ...{ runtime: 'spark', python: '3.11', tools: {}, inputs: {}, coordinates: [] },
    packages: [{ name: 'pyspark', version: '3.5.7', marker: null, hashes: [digest] }],
    jars: [{ coordinate: 'org.postgresql:postgresql:42.7.4', sha256: digest }],
  };
  const lock = {
    version: 1,
    parts: { 'spark/settle': 'r' },
    images: [`example.com/team/spark:3@${digest}`],
    runtimes: { r: runtime },
  };
  assert.deepEqual(
    fromLock(JSON.stringify(lock)).map(({ ecosystem, name, version, sha256 }) => [
      ecosystem,
      name,
      version,
      sha256.length,
    ]),
    [
      ['pypi', 'pyspark', '3.5.7', 1],
      ['maven', 'postgresql', '42.7.4', 1],
      ['docker', 'example.com/team/spark', digest, 0],
    ],
  );
  assert.deepEqual(fromLock('{"version": 2}'), []);
});

test('each dependency is listed once, with its hashes where one place knows them', () => {
  const both = [...fromRequirements('requests==2.32.3'), ...fromRequirements(`requests==2.32.3 --hash=sha256:${hash}`)];
  assert.deepEqual(
    uniqueDependencies(both).map(({ name, sha256 }) => [name, sha256]),
    [['requests', [hash]]],
  );
});
