import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';
import { checked, createProject, type Report } from './headgate.ts';

await ensureRuntime('airflow');

const HEAD = `from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
`;
const DAG = (id: string, more = '') =>
  `dag = DAG("${id}", start_date=datetime(2025, 1, 1), default_args={"owner": "team"}${more})\n`;

const project = await createProject({
  'headgate.yaml': `version: 1
project: faults
values: { lake: { type: string, default: s3 } }
parts:
  airflow: [{ name: main, dags: dags, variables: [lake], connections: {}, pools: {} }]
`,
  'dags/cycle.py': `${HEAD}${DAG('cycle')}a = BashOperator(task_id="a", bash_command="true", dag=dag)
b = BashOperator(task_id="b", bash_command="true", dag=dag)
a >> b >> a
`,
  'dags/cron.py': `${HEAD}${DAG('cron', ', schedule="61 * * * *"')}BashOperator(task_id="a", bash_command="true", dag=dag)\n`,
  'dags/owner.py': `${HEAD}${DAG('owner').replace('team', 'airflow')}BashOperator(task_id="a", bash_command="true", dag=dag)\n`,
  'dags/network.py': `${HEAD}import socket
try:
    socket.create_connection(("198.51.100.7", 443), timeout=1)
except OSError:
    pass
${DAG('network')}BashOperator(task_id="a", bash_command="true", dag=dag)
`,
  'dags/slow.py': `${HEAD}import time
time.sleep(3)
${DAG('slow')}BashOperator(task_id="a", bash_command="true", dag=dag)
`,
  'dags/missing.py': `${HEAD}from airflow.models import Variable
${DAG('missing')}BashOperator(task_id="a", bash_command="{{ var.value.lake }}", pool="big", dag=dag)
x = Variable.get("nowhere")
`,
  'dags/dies.py': `import os\nos._exit(3)  # a comment that holds the words DAG and airflow\n`,
  'dags/syntax.py': `# DAG airflow\ndef broken(:\n    pass\n`,
});
after(() => project.remove());
const { status, report } = await checked(project.folder);

function told(check: string, path: string): Report['findings'] {
  return report.findings.filter((finding) => finding.check === check && finding.path === path);
}

test('each fault is told by the check that is about it, in its file', () => {
  const one = (check: string, path: string, words: RegExp) => {
    const [finding, ...more] = told(check, path);
    assert.equal(more.length, 0, JSON.stringify(more));
    assert.equal(finding?.status, 'failed', `${check} ${path}`);
    assert.match(finding?.message ?? '', words);
  };
  one('dag-cycles', 'dags/cycle.py', /The DAG "cycle" cannot run: .*[Cc]ycle/);
  one('dag-schedule', 'dags/cron.py', /schedule of the DAG "cron"/);
  one('dag-owner', 'dags/owner.py', /Nobody owns the DAG "owner"/);
  one('dag-limits', 'dags/dies.py', /process that read this file died|exit/i);
  assert.equal(status, 1);
});

test('work at the top of a file is told with its kind', () => {
  assert.match(told('dag-top-level', 'dags/network.py')[0]?.message ?? '', /goes to the network .*198\.51\.100\.7/);
  assert.match(told('dag-top-level', 'dags/slow.py')[0]?.message ?? '', /takes long/);
  assert.match(told('dag-top-level', 'dags/missing.py')[0]?.message ?? '', /reads an Airflow Variable .*nowhere/);
});

test('what no environment will have is told, and what headgate.yaml declares is not', () => {
  const messages = told('dag-environment', 'dags/missing.py').map(({ message, severity }) => `${severity} ${message}`);
  assert.deepEqual(messages, [
    'error The pool "big" is used here, but the part does not give one to any environment.',
    'error The Variable "nowhere" is read here, but no environment will have it: headgate.yaml declares no such value.',
  ]);
});

test('a syntax error is told by Airflow and by the linter, both with the line', () => {
  assert.deepEqual(
    told('dag-imports', 'dags/syntax.py').map(({ line }) => line),
    [2],
  );
  assert.equal(told('python-lint', 'dags/syntax.py')[0]?.line, 2);
  assert.equal(told('python-lint', 'dags/syntax.py')[0]?.severity, 'error');
});

test('without Airflow the same faults are skipped with the reason, and the text still tells of names', async () => {
  const static_ = await checked(project.folder, ['--static']);
  const skipped = static_.report.findings.filter((finding) => finding.status === 'skipped').map(({ check }) => check);
  assert.deepEqual(
    skipped.filter((check) => check.startsWith('dag-')),
    ['dag-cycles', 'dag-imports', 'dag-limits', 'dag-owner', 'dag-schedule', 'dag-top-level'],
  );
  const named = static_.report.findings.filter(({ check }) => check === 'dag-environment').map(({ line }) => line);
  assert.deepEqual(named, [6, 7]);
});
