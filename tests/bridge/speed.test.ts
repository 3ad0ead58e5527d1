import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dagFile, openDagProject } from './dag-project.ts';

test('250 DAG files are all read by one warm process', async (t) => {
  const files = Object.fromEntries(
    Array.from({ length: 250 }, (_, index) => [`dags/d${index}.py`, dagFile(`dag_${index}`)]),
  );
  const project = await openDagProject(files);
  try {
    const cold = performance.now();
    await project.read({ files: [] });
    const warm = performance.now();
    const read = await project.read();
    t.diagnostic(`load ${Math.round(warm - cold)} ms, then 250 files ${Math.round(performance.now() - warm)} ms`);
    const ids = [...read.values()].flatMap((file) => file.dags.map((dag) => dag.dagId));
    assert.equal(new Set(ids).size, 250);
  } finally {
    await project.close();
  }
});
