"""Puts DAG objects into the shape of the protocol."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from .load import MadeAt
from .operators import describe_task
from .problems import find_problems


def describe_dags(dags: list[Any], made: dict[int, MadeAt], root: str) -> list[dict[str, Any]]:
    """In the order they were made."""
    unknown = MadeAt(len(made), None)
    in_order = sorted(dags, key=lambda dag: (made.get(id(dag), unknown).order, dag.dag_id))
    ids = [dag.dag_id for dag in in_order]
    described = []
    for dag in in_order:
        one = describe_dag(dag, made.get(id(dag), unknown).line, root)
        if ids.count(dag.dag_id) > 1:
            one["problems"].append(
                {"kind": "duplicate-dag", "message": f"{dag.dag_id} is made more than once in this file"}
            )
        described.append(one)
    return described


def describe_dag(dag: Any, line: int | None, root: str) -> dict[str, Any]:
    problems = find_problems(dag)
    tasks = [describe_task(task, dag, root) for task in sorted(dag.tasks, key=lambda task: task.task_id)]
    kind, schedule = describe_schedule(dag)
    return {
        "dagId": dag.dag_id,
        "owner": owner_of(dag, tasks),
        "owners": sorted({task["owner"] for task in tasks if task["owner"]}),
        "schedule": schedule,
        "scheduleKind": kind,
        "datasets": dataset_uris(getattr(dag.timetable, "dataset_condition", None)),
        "catchup": bool(dag.catchup),
        "tags": sorted(map(str, dag.tags or [])),
        "startDate": iso(dag.start_date) or iso((dag.default_args or {}).get("start_date")),
        "description": None if dag.description is None else str(dag.description),
        "line": line,
        "maxActiveRuns": dag.max_active_runs if isinstance(dag.max_active_runs, int) else None,
        "graphDigest": graph_digest(dag),
        "problems": problems,
        "tasks": tasks,
    }


def owner_of(dag: Any, tasks: list[dict[str, Any]]) -> str:
    """What default_args say, else the owner of most tasks; `airflow` is Airflow's word for nobody."""
    named = (dag.default_args or {}).get("owner")
    if named:
        return str(named)
    owners = [task["owner"] for task in tasks if task["owner"]]
    return max(sorted(set(owners)), key=owners.count) if owners else "airflow"


# Class of the timetable -> what the protocol calls it. What is not here is a timetable of somebody's own.
SCHEDULE_KINDS = {
    "NullTimetable": "none",
    "OnceTimetable": "once",
    "CronDataIntervalTimetable": "cron",
    "CronTriggerTimetable": "cron",
    "DeltaDataIntervalTimetable": "interval",
    "DatasetTriggeredTimetable": "dataset",
    "DatasetOrTimeSchedule": "dataset",
}


def describe_schedule(dag: Any) -> tuple[str, str | None]:
    timetable = dag.timetable
    kind = SCHEDULE_KINDS.get(type(timetable).__name__, "timetable")
    if kind == "none":
        return kind, None
    if kind == "once":
        return kind, "@once"
    if kind == "dataset":
        return kind, ", ".join(dataset_uris(getattr(timetable, "dataset_condition", None)))
    if kind == "cron":
        return kind, str(getattr(timetable, "_expression", timetable.summary))
    return kind, str(timetable.summary)


def dataset_uris(condition: Any) -> list[str]:
    if condition is None:
        return []
    try:
        return sorted({dataset.uri for _, dataset in condition.iter_datasets()})
    except Exception:
        return []


def iso(moment: Any) -> str | None:
    return moment.isoformat() if hasattr(moment, "isoformat") else None


def graph_digest(dag: Any) -> str:
    """Over what Airflow would reshape in running runs: not over code, commands or schedules."""
    nodes = [graph_node(task) for task in sorted(dag.tasks, key=lambda task: task.task_id)]
    text = json.dumps(nodes, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def graph_node(task: Any) -> list[Any]:
    return [
        task.task_id,
        task.task_type,
        sorted(task.upstream_task_ids),
        str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        expanded_over(task),
        list(group_path(task)),
        [
            bool(getattr(task, name, False))
            for name in ("is_setup", "is_teardown", "depends_on_past", "wait_for_downstream")
        ],
    ]


def expanded_over(task: Any) -> list[str]:
    expand_input = getattr(task, "expand_input", None) or getattr(task, "op_kwargs_expand_input", None)
    if not getattr(task, "is_mapped", False) or expand_input is None:
        return []
    value = getattr(expand_input, "value", None)
    return sorted(map(str, value)) if isinstance(value, dict) else [type(expand_input).__name__]


def group_path(task: Any) -> Iterable[str]:
    group = getattr(task, "task_group", None)
    path = []
    while group is not None and getattr(group, "group_id", None) is not None:
        path.append(str(group.group_id))
        group = getattr(group, "parent_group", None) or getattr(group, "task_group", None)
    return reversed(path)
