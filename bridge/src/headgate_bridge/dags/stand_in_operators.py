"""Operators, sensors, DAGs and task groups of providers that are not installed."""

import inspect
from collections.abc import Callable
from typing import Any


def operator_class(name: str, module: str) -> type:
    """A BaseOperator that takes any argument; what BaseOperator does not know becomes an attribute."""
    from airflow.models.baseoperator import BaseOperator

    return type(BaseOperator)(name, (StandInOperatorBase.made_from(BaseOperator),), {"__module__": module})


class StandInOperatorBase:
    """Makes the one base class of all operators that are stood in for, at its first use."""

    _made: type | None = None

    @classmethod
    def made_from(cls, base_operator: type) -> type:
        if cls._made is None:
            known = set(inspect.signature(base_operator.__init__).parameters) - {"self", "kwargs"}

            class StandInOperator(base_operator):  # type: ignore[misc, valid-type]
                headgate_stand_in = True

                def __init__(self, *args: Any, **kwargs: Any) -> None:
                    passed = {name: value for name, value in kwargs.items() if name in known}
                    super().__init__(**passed)
                    self.headgate_kwargs = {name: value for name, value in kwargs.items() if name not in known}
                    for name, value in self.headgate_kwargs.items():
                        set_quietly(self, name, value)
                    # As if each were templated: a task's output passed in makes a dependency, as in the real class.
                    self.template_fields = tuple(name for name in self.headgate_kwargs if name in self.__dict__)

                def execute(self, context: Any) -> None:
                    raise NotImplementedError("a stand-in is never run")

            cls._made = StandInOperator
            allow_any_mapped_argument(StandInOperator)
        return cls._made


def set_quietly(target: object, name: str, value: Any) -> None:
    """Some names are read-only properties of BaseOperator; those stay."""
    try:
        setattr(target, name, value)
    except Exception:
        return


def allow_any_mapped_argument(stand_in: type) -> None:
    """`partial` and `expand` check argument names against signatures; a stand-in has none."""
    from airflow.models import baseoperator, mappedoperator

    for module in (baseoperator, mappedoperator):
        original = getattr(module, "validate_mapping_kwargs", None)
        if original is None:
            continue

        def lenient(op: type, func: str, value: dict[str, Any], original: Callable[..., None] = original) -> None:
            if not (isinstance(op, type) and issubclass(op, stand_in)):
                original(op, func, value)

        module.validate_mapping_kwargs = lenient


def dag_class(name: str, module: str) -> type:
    """Such as Cosmos' DbtDag: a DAG with one task, which stands for those it would make."""
    from airflow.models.dag import DAG

    known = set(inspect.signature(DAG.__init__).parameters) - {"self"}

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        passed = {key: value for key, value in kwargs.items() if key in known}
        DAG.__init__(self, *[arg for arg in args if isinstance(arg, str)][:1], **passed)
        operator_class(name, module)(task_id="assumed", dag=self, **unknown_to_dag(kwargs, known))

    return type(DAG)(name, (DAG,), {"__module__": module, "__init__": __init__})


def unknown_to_dag(kwargs: dict[str, Any], known: set[str]) -> dict[str, Any]:
    return {key: value for key, value in kwargs.items() if key not in known and key != "operator_args"}


def task_group_class(name: str, module: str) -> type:
    """Such as Cosmos' DbtTaskGroup: a group with one task, which stands for those it would make."""
    from airflow.utils.task_group import TaskGroup

    known = set(inspect.signature(TaskGroup.__init__).parameters) - {"self"}

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        passed = {key: value for key, value in kwargs.items() if key in known}
        group_id = next((arg for arg in args if isinstance(arg, str)), None)
        if "group_id" not in passed:
            passed["group_id"] = group_id or name
        TaskGroup.__init__(self, **passed)
        operator_class(name, module)(
            task_id="assumed", task_group=self, dag=self.dag, **unknown_to_dag(kwargs, {*known, "default_args"})
        )

    return type(TaskGroup)(name, (TaskGroup,), {"__module__": module, "__init__": __init__})


# The ending of a class name says what it is; the first that fits counts.
CLASS_MAKERS: list[tuple[str, Callable[[str, str], type]]] = [
    ("Operator", operator_class),
    ("OperatorAsync", operator_class),
    ("Sensor", operator_class),
    ("SensorAsync", operator_class),
    ("TaskGroup", task_group_class),
    ("Dag", dag_class),
    ("DAG", dag_class),
]
