"""Airflow reads this file in place of a DAG file that Headgate released. Do not edit it: the next release replaces it.

The DAG's own code is in an immutable folder, HOME/parts/<digest of the part>. This file loads it from there. Runs that were
under way when a newer release came are named in PINS and go on with the release that they began on.
"""

import ast
import importlib.util
import json
import os
import sys
import time

# -- what is live: one write of this file changes all of it at once
# {constants}
# -- end

HERE = os.path.dirname(os.path.abspath(__file__))
PARTS = os.path.normpath(os.path.join(HERE, HOME, "parts"))
DRAINING_TAG = "headgate:draining"
SECONDS_TO_WAIT = 15  # for files that are still on their way; Airflow gives a DAG file 30 s


def running_task():
    """The (dag id, run id) of the task that this process is to run; (None, None) where the file is only read.

    The run id is None where it cannot be found.
    """
    dag_id = os.environ.get("_AIRFLOW_PARSING_CONTEXT_DAG_ID")
    words = command_words()
    if words is not None and dag_id in (None, words[3]):
        return words[3], words[5]
    return (dag_id, run_in_frames(dag_id)) if dag_id else (None, None)


def command_words():
    """['airflow', 'tasks', 'run', dag, task, run, ...] from the arguments or the title of this process, else None."""
    if len(sys.argv) >= 6 and sys.argv[1:3] == ["tasks", "run"]:
        return sys.argv
    try:
        from setproctitle import getproctitle

        title = getproctitle()
        words = ast.literal_eval(title[title.index("[") :])
    except Exception:  # no title, or one that was cut short
        return None
    is_run = isinstance(words, list) and len(words) >= 6 and words[1:3] == ["tasks", "run"]
    return words if is_run else None


def run_in_frames(dag_id):
    """The run id that Airflow's own `tasks run` was called with, further up in this call."""
    frame = sys._getframe()
    while frame is not None:
        args = frame.f_locals.get("args")
        if getattr(args, "dag_id", None) == dag_id and hasattr(args, "execution_date_or_run_id"):
            return args.execution_date_or_run_id
        frame = frame.f_back
    return None


def chosen_release(dag_id, run_id):
    """The [bundle, part] that this process is to load."""
    pins = PINS.get(dag_id) or {}
    if pins and run_id is None:
        raise RuntimeError(
            "Headgate: the run that this task of %s belongs to cannot be told, and %d of its runs are to go on with an "
            "earlier release. Nothing was run." % (dag_id, len(pins))
        )
    return pins.get(run_id) or [BUNDLE, PART]


def whole_part(bundle, part, wait):
    """The folder of a part, once all of it is here. Object stores bring files in any order."""
    folder = os.path.join(PARTS, part.split(":")[1])
    give_up = time.time() + (SECONDS_TO_WAIT if wait else 0)
    missing = what_is_missing(folder)
    while missing and time.time() < give_up:
        time.sleep(0.5)
        missing = what_is_missing(folder)
    if missing:
        raise RuntimeError("Headgate: release %s of %s is not complete here: %s." % (bundle, SOURCE, missing))
    return folder


def what_is_missing(folder):
    """None when the folder holds what its record says."""
    try:
        with open(folder + ".json", encoding="utf-8") as file:
            record = json.load(file)
    except (OSError, ValueError):
        return "%s.json is missing or cut short" % folder
    files = size = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        files += len(names)
        size += sum(os.path.getsize(os.path.join(place, name)) for name in names)
    if (files, size) != (record["files"], record["bytes"]):
        return "%d of %d files, %d of %d bytes are in %s" % (files, record["files"], size, record["bytes"], folder)
    return None


def is_released(module):
    """Whether a module was loaded from any release."""
    try:
        places = [getattr(module, "__file__", None) or ""] + list(getattr(module, "__path__", None) or [])
        return any(str(place).startswith(PARTS + os.sep) for place in places)
    except Exception:
        return False


def take_out_released():
    """Takes the modules of all releases out of this process, and gives them back for putting in again."""
    taken = {name: module for name, module in list(sys.modules.items()) if is_released(module)}
    for name in taken:
        del sys.modules[name]
    return taken


def load(bundle, part, wait):
    """Runs the DAG file of a release. Gives the module, its folder, and what takes the release out of this process again."""
    folder = whole_part(bundle, part, wait)
    path_before, others = list(sys.path), take_out_released()
    sys.path[:0] = [os.path.normpath(os.path.join(folder, name)) for name in SYS_PATH[bundle]]
    importlib.invalidate_caches()

    def take_out():
        take_out_released()
        sys.modules.update(others)
        sys.path[:] = path_before

    source = os.path.join(folder, *SOURCE.split("/"))
    name = "headgate_release_%s_%s" % (bundle.split(":")[1][:12], os.path.basename(source)[:-3].replace(".", "_"))
    spec = importlib.util.spec_from_file_location(name, source)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        take_out()
        raise
    return module, os.path.dirname(source), take_out


def dags_of(module):
    """The DAGs that Airflow would find in the module, those made in a `with` block included."""
    from airflow.models.dag import DAG, DagContext

    found = [value for value in list(vars(module).values()) if isinstance(value, DAG)]
    found += [dag for dag, _ in list(getattr(DagContext, "autoregistered_dags", ()))]
    return list({id(dag): dag for dag in found}.values())


def dress(dag, bundle, source_folder):
    """Tags the DAG with its release, and lets it find templates beside its real file."""
    tags = ["headgate:" + bundle.split(":")[1][:12]] + ([DRAINING_TAG] if DRAINING else [])
    dag.tags = type(dag.tags or [])(list(dag.tags or []) + tags)
    searched = dag.template_searchpath or []
    dag.template_searchpath = [source_folder] + ([searched] if isinstance(searched, str) else list(searched))
    if DRAINING:
        dag.max_active_runs = -1  # runs under way go on, queued ones wait, no new ones are made


def read():
    dag_id, run_id = running_task()
    bundle, part = chosen_release(dag_id, run_id)
    environment = {name: os.environ.get(name) for name in ("HEADGATE_RELEASE", "HEADGATE_HOME")}
    if dag_id is not None:
        os.environ.update(HEADGATE_RELEASE=bundle, HEADGATE_HOME=os.path.dirname(PARTS))
    module, source_folder, take_out = load(bundle, part, dag_id is not None)
    dags = dags_of(module)
    for index, dag in enumerate(dags):
        dress(dag, bundle, source_folder)
        globals()["headgate_dag_%d" % index] = dag
    if dag_id not in [dag.dag_id for dag in dags]:  # only read, perhaps by a task of another file
        take_out()
        for name, value in environment.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


read()
