"""Loads Airflow once, without a metadata database, a config of the machine, or a network."""

import atexit
import base64
import contextlib
import gc
import importlib
import os
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

from .. import confine
from .once_validated import validate_once
from .rehearsal import rehearse, rehearse_for

# What nearly every DAG file imports: loaded before the fork, so that no file pays for it.
PRELOADED = [
    "airflow",
    "airflow.models",
    "airflow.models.dag",
    "airflow.models.baseoperator",
    "airflow.models.mappedoperator",
    "airflow.models.variable",
    "airflow.models.connection",
    "airflow.hooks.base",
    "airflow.decorators",
    "airflow.operators.bash",
    "airflow.operators.python",
    "airflow.operators.empty",
    "airflow.operators.trigger_dagrun",
    "airflow.sensors.external_task",
    "airflow.serialization.serialized_objects",
    "airflow.timetables.simple",
    "airflow.utils.dag_cycle_tester",
    "airflow.utils.dates",
    "airflow.utils.file",
    "airflow.utils.task_group",
    "airflow.utils.trigger_rule",
    "airflow.datasets",
]

_scratch: Path | None = None
_first: frozenset[str] = frozenset()


def warm_airflow() -> Path:
    """Loads Airflow at the first call. Returns the scratch folder of this process, which is its alone."""
    global _scratch, _first
    if _scratch is not None and _scratch.is_dir():
        return _scratch
    _scratch = Path(os.environ.get("HEADGATE_BRIDGE_SCRATCH") or own_scratch())
    os.environ.update(airflow_environment(_scratch))
    confine.adopt_orphans()
    confine.cut_network()
    # In the process that is told to stop; a fork makes it tell where it is (see child.py).
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    with no_collection():
        for module in PRELOADED:
            __import__(module)
        validate_once()
        rehearse()
    _first = frozenset(sys.modules)
    return _scratch


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Nearly all that is loaded stays, so that looking for what does not costs more than it gives back. What was made
    meanwhile is left alone by later collections too: forks then share its memory with this process."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def warm_for(paths: list[str]) -> None:
    """Loads what these files will need besides."""
    with no_collection():
        rehearse_for(paths)


def first_modules() -> frozenset[str]:
    """What was loaded before any file was read, and so can never be taken from a project."""
    return _first


def own_scratch() -> str:
    """For a bridge that nobody has given a folder; it goes with the process."""
    folder = tempfile.mkdtemp(prefix="headgate-bridge-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_asked_for: dict[str, int] = {}


def share_libraries(modules: list[str]) -> None:
    """Loads here, for all files to come, what two files have loaded from the runtime. Code of projects is never
    loaded in this process."""
    for module in modules:
        _asked_for[module] = _asked_for.get(module, 0) + 1
        if _asked_for[module] == 2 and module not in sys.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(module)


def airflow_environment(scratch: Path) -> dict[str, str]:
    home = scratch / "airflow"
    home.mkdir(exist_ok=True)
    # Where there is none, Airflow writes one with all its defaults, which takes longer than loading it.
    (home / "airflow.cfg").touch()
    return {
        "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(home / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/none.db",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "AIRFLOW__METRICS__STATSD_ON": "False",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "SCARF_ANALYTICS": "false",
        "TMPDIR": str(scratch),
    }
