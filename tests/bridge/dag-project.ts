import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Bridge, openBridge } from '../../src/base/bridge/open-bridge.ts';
import type { AirflowParseParams, BridgeDagFile } from '../../src/base/bridge/shapes.ts';
import { ensureRuntime } from '../../src/base/python/ensure-runtime.ts';

/** A folder with these files in it, and the bridge on the real Airflow runtime. */
export type DagProject = {
  root: string;
  bridge: Bridge;
  read(params?: Partial<AirflowParseParams>): Promise<Map<string, BridgeDagFile>>;
  close(): Promise<void>;
};

export async function openDagProject(files: Record<string, string | Buffer>): Promise<DagProject> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'headgate-dags-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const bridge = openBridge({ runtime: await ensureRuntime('airflow') });
  return {
    root,
    bridge,
    read: async (params = {}) => {
      const found = new Map<string, BridgeDagFile>();
      const wanted: AirflowParseParams = { root, dagsFolder: 'dags', files: null, ...params };
      for await (const file of bridge.parseAirflow(wanted)) found.set(file.path, file);
      return found;
    },
    close: async () => {
      await bridge.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** A DAG file whose first lines are `code`, and which then makes the DAG `id`. */
export function dagFile(id: string, code = ''): string {
  return `${code}
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("${id}", schedule="@daily", start_date=datetime(2024, 1, 1), default_args={"owner": "payments"}):
    BashOperator(task_id="a", bash_command="echo a") >> BashOperator(task_id="b", bash_command="echo b")
`;
}
