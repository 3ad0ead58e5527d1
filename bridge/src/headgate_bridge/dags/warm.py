"""Loads Airflow once, without a metadata database, a config of the machine, or a network."""

import gc
import os
import shutil
import tempfile
import warnings
from pathlib import Path

from .. import confine
from .rehearsal import rehearse

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


def warm_airflow() -> Path:
    """Loads Airflow at the first call. Returns the scratch folder of this process, which is its alone."""
    global _scratch
    if _scratch is not None and _scratch.is_dir():
        return _scratch
    _scratch = Path(tempfile.mkdtemp(prefix="headgate-bridge-"))
    os.environ.update(airflow_environment(_scratch))
    confine.adopt_orphans()
    confine.cut_network()
    warnings.simplefilter("ignore")
    for module in PRELOADED:
        __import__(module)
    rehearse()
    gc.collect()
    gc.freeze()
    return _scratch


def remove_scratch() -> None:
    if _scratch is not None:
        shutil.rmtree(_scratch, ignore_errors=True)


def airflow_environment(scratch: Path) -> dict[str, str]:
    home = scratch / "airflow"
    home.mkdir(exist_ok=True)
    return {
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
