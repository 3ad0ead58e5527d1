import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GitFolder, inRepository } from '../../../tests/estate/git-folder.ts';
import { warmImpact } from './warm-impact.ts';

const project = `version: 1
project: p
values: { bucket: { type: string, default: a } }
parts:
  kafka: [{ name: k, path: k }]
  terraform: [{ name: t, path: t, variables: { bucket: "\${values.bucket}" } }]
`;
const topics = (partitions: number) => `topics:\n  orders: { partitions: ${partitions} }\n`;
const stack = 'variable "bucket" {}\nresource "aws_s3_bucket" "lake" { bucket = var.bucket }\n';

const start = { 'headgate.yaml': project, 'k/topics.yaml': topics(6), 't/main.tf': stack, 'readme.txt': 'one' };

/** Each in turn on top of the one before; the last goes back to the start. */
const edits: { [path: string]: string | null }[] = [
  { 'k/topics.yaml': topics(3) },
  { 'k/topics.yaml': `# why\n${topics(6)}` },
  { 'readme.txt': 'two', 'k/more.yaml': 'topics:\n  more: { partitions: 1 }\n' },
  { 'headgate.yaml': project.replace('default: a', 'default: b') },
  { 't/main.tf': null },
  { ...start, 'k/more.yaml': null },
];

test('a process that stays answers as a new one would, whatever changes on disk and in the history meanwhile', async () => {
  await inRepository(async (folder: GitFolder) => {
    folder.commit(start);
    const warm = warmImpact(null);
    const told = async (answers: ReturnType<typeof warmImpact>, base: string) => {
      const { impact, comparison } = await answers.tell(folder.root, { base, head: null });
      return { base: comparison.base, impact };
    };
    const seen = new Set<string>();
    for (const edit of edits) {
      folder.write(edit);
      const answer = await told(warm, 'HEAD');
      assert.deepEqual(answer, await told(warmImpact(null), 'HEAD'));
      seen.add(JSON.stringify(answer.impact));
    }
    assert.equal(seen.size, edits.length, 'each edit has an answer of its own');
    assert.deepEqual((await told(warm, 'HEAD')).impact, { changed: [], reached: [], findings: [] });
    folder.commit({ 'k/topics.yaml': topics(12) });
    assert.deepEqual(await told(warm, 'HEAD~1'), await told(warmImpact(null), 'HEAD~1'));
    assert.deepEqual(await told(warm, 'HEAD'), await told(warmImpact(null), 'HEAD'));
  });
});

test('a base is read as its commit says, whatever the head declared before, and whatever is checked out', async () => {
  const { 'headgate.yaml': _, ...undeclared } = start;
  await inRepository(async (folder: GitFolder) => {
    folder.commit({ ...undeclared, 't/main.tf': stack });
    const warm = warmImpact(null);
    const agrees = async () => {
      const [known, fresh] = [warm, warmImpact(null)].map((one) => one.tell(folder.root, { base: 'HEAD', head: null }));
      const [told, anew] = [await known, await fresh];
      assert.deepEqual(told?.impact, anew?.impact);
      return told?.impact.changed.length ?? 0;
    };
    folder.write({ 'headgate.yaml': project, 'k/topics.yaml': topics(3) });
    assert.ok((await agrees()) > 0);
    folder.write({ 'headgate.yaml': null });
    await agrees();
    folder.git('sparse-checkout', 'set', '--no-cone', '/t/', '/readme.txt');
    await agrees();
    folder.git('sparse-checkout', 'disable');
    await agrees();
  });
});

test('values, files of no asset and lost stacks are each told as what they are', async () => {
  await inRepository(async (folder) => {
    folder.commit(start);
    const effects = async (edit: { [path: string]: string | null }) => {
      folder.write({ ...start, ...edit });
      const { impact } = await warmImpact(null).tell(folder.root, { base: 'HEAD', head: null });
      return [
        impact.changed.map(({ key, effect }) => `${key} ${effect}`),
        impact.findings.map(({ check, path }) => `${check} ${path}`),
      ];
    };
    assert.deepEqual(await effects({ 'readme.txt': 'two' }), [[], ['impact-loose-file readme.txt']]);
    const values = await effects({ 'headgate.yaml': project.replace('default: a', 'default: b') });
    assert.deepEqual(values, [['terraform:resource/t.aws_s3_bucket.lake breaking', 'terraform:stack/t breaking'], []]);
  });
});
