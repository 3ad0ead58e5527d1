"""What Airflow would refuse when it takes a DAG in, although its file loads."""

from collections.abc import Callable
from typing import Any


def find_problems(dag: Any) -> list[dict[str, str]]:
    found = []
    for kind, check in CHECKS:
        try:
            check(dag)
        except Exception as error:
            problem = {"kind": kind_of(kind, error), "message": str(error)[:1000] or type(error).__name__}
            if problem["kind"] not in [one["kind"] for one in found]:
                found.append(problem)
    return found


def check_schedule(dag: Any) -> None:
    dag.timetable.validate()


def check_cycle(dag: Any) -> None:
    from airflow.utils.dag_cycle_tester import check_cycle as airflow_check

    airflow_check(dag)


def check_whole(dag: Any) -> None:
    dag.validate()
    dag.resolve_template_files()


def check_serialised(dag: Any) -> None:
    from airflow.serialization.serialized_objects import SerializedDAG

    try:
        SerializedDAG.to_dict(dag)
    except Exception as error:
        # A timetable of a plugin is known to Airflow, not to this process.
        if "TimetableNotRegistered" not in type(error).__name__ and "not registered" not in str(error):
            raise


# In this order: a later check assumes what an earlier one has seen.
CHECKS: list[tuple[str, Callable[[Any], None]]] = [
    ("schedule", check_schedule),
    ("cycle", check_cycle),
    ("invalid", check_whole),
    ("not-serializable", check_serialised),
]

KIND_OF_ERROR = {
    "AirflowTimetableInvalid": "bad-schedule",
    "AirflowDagCycleException": "cycle",
    "DuplicateTaskIdFound": "duplicate-task",
}


def kind_of(kind: str, error: Exception) -> str:
    fallback = "bad-schedule" if kind == "schedule" else kind
    return KIND_OF_ERROR.get(type(error).__name__, fallback)
