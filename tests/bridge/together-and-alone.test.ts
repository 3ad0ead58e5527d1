import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BridgeDagFile } from '../../src/base/bridge/shapes.ts';
import { dagFile, openDagProject } from './dag-project.ts';

/** Each leaves something behind that the next file would notice, were it read in the same process as if nothing had been. */
const FILES = {
  'dags/a_environment.py': `import os\nos.environ["TEAM"] = "a"\nos.environ.pop("HOME", None)\n${dagFile('environment')}`,
  'dags/b_reads_environment.py': `import os\n${dagFile('home_b').replace('"home_b"', '"team_" + os.environ.get("TEAM", "none")')}`,
  'dags/c_path.py': `import sys\nsys.path.insert(0, __file__.rsplit("/", 1)[0] + "/one")\nimport names\n${dagFile('x').replace('"x"', 'names.NAME')}`,
  'dags/d_path.py': `import sys\nsys.path.insert(0, __file__.rsplit("/", 1)[0] + "/two")\nimport names\n${dagFile('x').replace('"x"', 'names.NAME')}`,
  'dags/one/names.py': 'NAME = "from_one"\n',
  'dags/two/names.py': 'NAME = "from_two"\n',
  'dags/e_patch.py': `${dagFile('patch')}\nBashOperator.template_fields = ()\nDAG.owner_links = {"x": "y"}\n`,
  'dags/f_open_dag.py': `${dagFile('left_open')}\nDAG("open", start_date=datetime(2024, 1, 1), schedule=None).__enter__()\n`,
  'dags/g_loose_task.py': `from airflow.operators.bash import BashOperator\nBashOperator(task_id="loose", bash_command="x")\n`,
  'dags/h_counts.py': `import shared\n${dagFile('h').replace('"h"', 'shared.name("h")')}`,
  'dags/i_counts.py': `import shared\n${dagFile('i').replace('"i"', 'shared.name("i")')}`,
  'dags/shared.py': 'COUNT = []\ndef name(base):\n    COUNT.append(base)\n    return f"{base}_{len(COUNT)}"\n',
  'dags/j_once.py': `import registry\n${dagFile('once_j')}`,
  'dags/k_once.py': `import registry\n${dagFile('once_k')}`,
  'dags/registry.py': `import logging\nif hasattr(logging, "seen_by_registry"):\n    raise ValueError("loaded twice")\nlogging.seen_by_registry = True\n`,
  'dags/l_hidden_once.py': `import hidden\n${dagFile('hidden_l')}`,
  'dags/m_hidden_once.py': `import hidden\n${dagFile('hidden_m')}`,
  'dags/hidden.py': `import logging\nlevel = logging.addLevelName\nif logging.getLevelName(77) == "TWICE":\n    raise ValueError("loaded twice")\nlevel(77, "TWICE")\n`,
  'dags/n_thread.py': `import threading, time\nthreading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n${dagFile('thread')}`,
  'dags/o_broken.py': 'import nothing_like_it_anywhere_here.at_all\nraise ValueError("broken")\n',
  'dags/p_prints.py': `print("hello from p")\n${dagFile('prints')}`,
  'dags/q_exit.py': `import os\n${dagFile('exits')}\nos._exit(3)\n`,
  'dags/r_directory.py': `import os\nos.chdir("/")\n${dagFile('directory')}`,
  'dags/s_relative.py': `${dagFile('relative')}\nassert open("dags/shared.py").read()\n`,
};

test('files read one after the other by one process are read as each would be alone', async () => {
  const project = await openDagProject(FILES);
  try {
    const alone = new Map<string, BridgeDagFile>();
    for (const path of Object.keys(FILES))
      for (const [key, file] of await project.read({ files: [path] })) alone.set(key, file);
    const together = await project.read({ files: Object.keys(FILES) });
    assert.equal(together.size, Object.keys(FILES).length);
    for (const [path, file] of alone) assert.deepEqual(comparable(together.get(path)), comparable(file), path);
    assert.equal(alone.get('dags/p_prints.py')?.output, 'hello from p\n');
  } finally {
    await project.close();
  }
});

function comparable(file: BridgeDagFile | undefined) {
  assert.ok(file);
  const { milliseconds, ...rest } = file;
  assert.ok(milliseconds >= 0);
  return rest;
}
