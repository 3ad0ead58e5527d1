"""Names of other Airflow versions, answered by those of this one, so that such files can still be described."""

from importlib import import_module
from types import ModuleType
from typing import Any

# Module elsewhere -> module here with the same names.
SAME_MODULES = {
    "airflow.providers.standard.operators.bash": "airflow.operators.bash",
    "airflow.providers.standard.operators.python": "airflow.operators.python",
    "airflow.providers.standard.operators.empty": "airflow.operators.empty",
    "airflow.providers.standard.operators.trigger_dagrun": "airflow.operators.trigger_dagrun",
    "airflow.providers.standard.operators.datetime": "airflow.operators.datetime",
    "airflow.providers.standard.operators.weekday": "airflow.operators.weekday",
    "airflow.providers.standard.operators.latest_only": "airflow.operators.latest_only",
    "airflow.providers.standard.operators.branch": "airflow.operators.branch",
    "airflow.providers.standard.sensors.external_task": "airflow.sensors.external_task",
    "airflow.providers.standard.sensors.filesystem": "airflow.sensors.filesystem",
    "airflow.providers.standard.sensors.bash": "airflow.sensors.bash",
    "airflow.providers.standard.sensors.python": "airflow.sensors.python",
    "airflow.providers.standard.sensors.date_time": "airflow.sensors.date_time",
    "airflow.providers.standard.sensors.time_delta": "airflow.sensors.time_delta",
    "airflow.providers.standard.sensors.time": "airflow.sensors.time_sensor",
    "airflow.providers.standard.sensors.weekday": "airflow.sensors.weekday",
    "airflow.providers.standard.hooks.filesystem": "airflow.hooks.filesystem",
    "airflow.providers.standard.hooks.subprocess": "airflow.hooks.subprocess",
    "airflow.sdk.bases.operator": "airflow.models.baseoperator",
    "airflow.sdk.bases.hook": "airflow.hooks.base",
    "airflow.sdk.bases.sensor": "airflow.sensors.base",
    "airflow.sdk.exceptions": "airflow.exceptions",
    "airflow.sdk.definitions.param": "airflow.models.param",
    "airflow.sdk.definitions.context": "airflow.utils.context",
}

# Name in `airflow.sdk` -> module and name here.
SDK_NAMES = {
    "DAG": ("airflow.models.dag", "DAG"),
    "dag": ("airflow.decorators", "dag"),
    "task": ("airflow.decorators", "task"),
    "task_group": ("airflow.decorators", "task_group"),
    "setup": ("airflow.decorators", "setup"),
    "teardown": ("airflow.decorators", "teardown"),
    "TaskGroup": ("airflow.utils.task_group", "TaskGroup"),
    "Label": ("airflow.utils.edgemodifier", "Label"),
    "Variable": ("airflow.models.variable", "Variable"),
    "Connection": ("airflow.models.connection", "Connection"),
    "Param": ("airflow.models.param", "Param"),
    "BaseOperator": ("airflow.models.baseoperator", "BaseOperator"),
    "BaseOperatorLink": ("airflow.models.baseoperatorlink", "BaseOperatorLink"),
    "BaseSensorOperator": ("airflow.sensors.base", "BaseSensorOperator"),
    "PokeReturnValue": ("airflow.sensors.base", "PokeReturnValue"),
    "BaseHook": ("airflow.hooks.base", "BaseHook"),
    "BaseNotifier": ("airflow.notifications.basenotifier", "BaseNotifier"),
    "XComArg": ("airflow.models.xcom_arg", "XComArg"),
    "ObjectStoragePath": ("airflow.io.path", "ObjectStoragePath"),
    "TriggerRule": ("airflow.utils.trigger_rule", "TriggerRule"),
    "WeightRule": ("airflow.utils.weight_rule", "WeightRule"),
    "Asset": ("airflow.datasets", "Dataset"),
    "AssetAlias": ("airflow.datasets", "DatasetAlias"),
    "Metadata": ("airflow.datasets.metadata", "Metadata"),
    "chain": ("airflow.models.baseoperator", "chain"),
    "chain_linear": ("airflow.models.baseoperator", "chain_linear"),
    "cross_downstream": ("airflow.models.baseoperator", "cross_downstream"),
    "get_current_context": ("airflow.operators.python", "get_current_context"),
    "get_parsing_context": ("airflow.utils.dag_parsing_context", "get_parsing_context"),
    "literal": ("airflow.utils.template", "literal"),
}


def known_elsewhere(module: str, name: str) -> Any:
    """What `from module import name` means in this Airflow, or None when nothing here is like it."""
    if module == "airflow.sdk" and name in SDK_NAMES:
        return getattr(import_module(SDK_NAMES[name][0]), SDK_NAMES[name][1], None)
    same: ModuleType | None = import_module(SAME_MODULES[module]) if module in SAME_MODULES else None
    return getattr(same, name, None)
