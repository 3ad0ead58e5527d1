import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDagProject } from './dag-project.ts';

function dag(id: string, more: string): string {
  return `
from datetime import datetime, timedelta
from airflow import DAG
from airflow.operators.empty import EmptyOperator
with DAG("${id}", start_date=datetime(2024, 1, 1), ${more}):
    EmptyOperator(task_id="one")
`;
}

/** Files read by one fork, those that Airflow would refuse between others that look nearly the same. */
const files = {
  'dags/a.py': dag('a', 'schedule="1 2 * * *", dagrun_timeout=timedelta(hours=1)'),
  'dags/b.py': dag('b', 'schedule="2 2 * * *", dagrun_timeout=timedelta(hours=2)'),
  'dags/c.py': dag('c', 'schedule="3 2 * * *", dagrun_timeout=timedelta(hours=-1)'),
  'dags/d.py': dag('d', 'schedule="4 2 * * *", dagrun_timeout=timedelta(hours=-1)'),
  'dags/e.py': dag('e', 'schedule="1 2 * * *", dagrun_timeout=timedelta(hours=1)'),
  'dags/f.py': dag('f', 'schedule=timedelta(days=1), params={"x": 1}'),
  'dags/g.py': dag('g', 'schedule="1 2 * * * no"'),
};

test('DAGs that are alike are each judged by what they are', async () => {
  const project = await openDagProject(files);
  try {
    const read = await project.read({ workers: 1 });
    const problems = Object.fromEntries(
      [...read].map(([path, { dags, status }]) => [
        path.slice(5, 6),
        status === 'ok' ? dags.flatMap((one) => one.problems.map(({ kind }) => kind)).join() : status,
      ]),
    );
    const refused = 'not-serializable';
    assert.deepEqual(
      [problems.a, problems.b, problems.c, problems.d, problems.e, problems.f],
      ['', '', refused, refused, '', ''],
    );
    assert.notEqual(problems.g, '');
  } finally {
    await project.close();
  }
});
