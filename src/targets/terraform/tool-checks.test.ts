import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFormat } from './check-format.ts';
import { judgeScan } from './check-scan.ts';
import { judgeValidate } from './check-validate.ts';

test('a file that looks otherwise is a note on its first such line; one that cannot be read is an error', () => {
  const ended = { status: 0, out: 'a = 1\nb = 2\n', err: '' };
  assert.deepEqual(judgeFormat('m.tf', 'a = 1\nb = 2\n', ended), []);
  const [note] = judgeFormat('m.tf', 'a = 1\nb=2\n', ended);
  assert.deepEqual([note?.line, note?.severity], [2, 'note']);
  const err = '\nError: Argument or block definition required\n\n  on <stdin> line 4, in resource "a":\n';
  const [broken] = judgeFormat('m.tf', 'x', { status: 2, out: '', err });
  assert.deepEqual(
    [broken?.line, broken?.severity, broken?.message],
    [4, 'error', 'Terraform cannot read this file: Argument or block definition required.'],
  );
});

const diagnostic = (summary: string) => ({
  ...{ severity: 'error', summary, detail: 'More.\nStill more.' },
  range: { filename: 'main.tf', start: { line: 3 } },
});

test('without providers only what needs none is judged, and the rest is skipped with the reason', () => {
  const answer = JSON.stringify({ diagnostics: [diagnostic('Missing required provider'), diagnostic('Invalid type')] });
  const begun = '╷\n│ Error: Failed to query available provider packages\n│\n│ no such host\n╵';
  const findings = judgeValidate('t', { answer, begun });
  assert.deepEqual(
    findings.map(({ path, line, status, message }) => `${path}:${line} ${status} ${message}`),
    [
      't/main.tf:3 failed Invalid type: More.',
      'null:null skipped What needs its providers or modules could not be told, because they could not be had: Failed to query available provider packages no such host',
    ],
  );
});

test('with providers everything counts', () => {
  const answer = JSON.stringify({ diagnostics: [diagnostic('Invalid provider configuration')] });
  assert.equal(judgeValidate('t', { answer, begun: null })[0]?.status, 'failed');
});

test('what lays data open is a warning at its resource, advice is a note', () => {
  const problem = (check_id: string, check_name: string) => ({
    ...{ check_id, check_name, file_path: '/main.tf', resource: 'aws_s3_bucket.a' },
    file_line_range: [3, 8] satisfies [number, number],
  });
  const findings = judgeScan('t', [
    problem('CKV_AWS_20', 'S3 Bucket has an ACL defined which allows public READ access.'),
    problem('CKV_AWS_144', 'Ensure that S3 bucket has cross-region replication enabled'),
  ]);
  assert.deepEqual(
    findings.map(({ path, line, severity, message }) => `${path}:${line} ${severity} ${message}`),
    [
      't/main.tf:3 warning `aws_s3_bucket.a` does not keep the rule: S3 Bucket has an ACL defined which allows public READ access (CKV_AWS_20).',
      't/main.tf:3 note `aws_s3_bucket.a` does not keep the rule: Ensure that S3 bucket has cross-region replication enabled (CKV_AWS_144).',
    ],
  );
});
