import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A real Airflow as the demo reaches it. `url` without a slash at the end. */
export type AirflowAccess = { url: string; username: string; password: string };

/** A DAG run that has ended: its state, its tasks' states, and every release its main-path tasks said they ran. */
export type EndedRun = { runId: string; state: string; tasks: { [task: string]: string }; releases: string[] };

const Run = z.object({ dag_run_id: z.string(), state: z.string() });
const Tasks = z.object({
  task_instances: z.array(z.object({ task_id: z.string(), state: z.string().nullable(), try_number: z.number() })),
});

/** Waits until a run of the DAG has ended, and reads from the task logs which release each task ran. */
export async function runDag(airflow: AirflowAccess, dag: string, limitSeconds: number): Promise<EndedRun> {
  const begun = await beginRun(airflow, dag);
  const place = `/dags/${dag}/dagRuns/${encodeURIComponent(begun.dag_run_id)}`;
  const until = Date.now() + limitSeconds * 1000;
  for (;;) {
    const run = Run.parse(await call(airflow, 'GET', place, null));
    if (run.state === 'success' || run.state === 'failed') return describeRun(airflow, place, run);
    if (Date.now() > until) throw new Error(`${dag} was still ${run.state} after ${limitSeconds} s`);
    await sleep(500);
  }
}

/** A DAG that is let go for the first time makes its latest scheduled run by itself; else one is triggered. */
async function beginRun(airflow: AirflowAccess, dag: string): Promise<z.infer<typeof Run>> {
  if (await isPaused(airflow, dag)) {
    await unpause(airflow, dag);
    for (const until = Date.now() + 20_000; Date.now() < until; await sleep(500)) {
      const [run] = await openRuns(airflow, dag);
      if (run !== undefined) return run;
    }
  }
  const [open] = await openRuns(airflow, dag);
  return open ?? Run.parse(await call(airflow, 'POST', `/dags/${dag}/dagRuns`, {}));
}

async function openRuns(airflow: AirflowAccess, dag: string): Promise<z.infer<typeof Run>[]> {
  const answer = await call(airflow, 'GET', `/dags/${dag}/dagRuns?state=running&state=queued`, null);
  return z.object({ dag_runs: z.array(Run) }).parse(answer).dag_runs;
}

async function describeRun(airflow: AirflowAccess, place: string, run: z.infer<typeof Run>): Promise<EndedRun> {
  const { task_instances } = Tasks.parse(await call(airflow, 'GET', `${place}/taskInstances`, null));
  const ran = task_instances.filter((task) => task.try_number > 0);
  const logs = await Promise.all(
    ran.map((task) =>
      text(airflow, `${place}/taskInstances/${task.task_id}/logs/${task.try_number}?full_content=true`),
    ),
  );
  const releases = new Set(
    logs.flatMap((log) =>
      [...log.matchAll(/HEADGATE_RELEASE=(sha256:[0-9a-f]{64})/g)].map(([, release]) => release ?? ''),
    ),
  );
  return {
    runId: run.dag_run_id,
    state: run.state,
    tasks: Object.fromEntries(task_instances.map((task) => [task.task_id, task.state ?? 'none'])),
    releases: [...releases],
  };
}

/** Whether a DAG is paused, as Airflow's REST says. */
export async function isPaused(airflow: AirflowAccess, dag: string): Promise<boolean> {
  return z.object({ is_paused: z.boolean() }).parse(await call(airflow, 'GET', `/dags/${dag}`, null)).is_paused;
}

/** Lets a DAG be scheduled: Airflow makes new DAGs paused. */
export async function unpause(airflow: AirflowAccess, dag: string): Promise<void> {
  await call(airflow, 'PATCH', `/dags/${dag}?update_mask=is_paused`, { is_paused: false });
}

async function call(airflow: AirflowAccess, method: string, path: string, body: object | null): Promise<unknown> {
  const response = await fetch(`${airflow.url}/api/v1${path}`, {
    method,
    headers: { ...authorization(airflow), 'content-type': 'application/json', accept: 'application/json' },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(
      `Airflow answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 500)}`,
    );
  return response.json();
}

async function text(airflow: AirflowAccess, path: string): Promise<string> {
  const response = await fetch(`${airflow.url}/api/v1${path}`, {
    headers: { ...authorization(airflow), accept: 'text/plain' },
  });
  return response.text();
}

function authorization({ username, password }: AirflowAccess): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
