"""Puts one task into the shape of the protocol, and says what it runs."""

import os
import re
from collections.abc import Callable
from typing import Any

from .commands import dbt_run, runs_of_command

# Arguments of vendors' operators under which a Spark application is named, wherever they are nested.
SPARK_APPLICATION_KEYS = (
    "entryPoint",
    "main_python_file_uri",
    "mainPythonFileUri",
    "mainApplicationFile",
    "python_file",
    "notebook_path",
    "main_jar_file_uri",
)


def describe_task(task: Any, dag: Any, root: str) -> dict[str, Any]:
    arguments = Arguments(task, dag)
    return {
        "taskId": task.task_id,
        "operator": task.task_type,
        "module": getattr(task, "_task_module", None) or type(task).__module__,
        "owner": str(getattr(task, "owner", "") or ""),
        "downstream": sorted(task.downstream_task_ids),
        "pool": str(getattr(task, "pool", None) or "default_pool"),
        "retries": task.retries if isinstance(getattr(task, "retries", None), int) else 0,
        "connections": arguments.connections(),
        "outlets": uris(getattr(task, "outlets", None)),
        "inlets": uris(getattr(task, "inlets", None)),
        "callable": callable_place(arguments.get("python_callable"), root),
        "runs": runs_of(arguments, root),
    }


class Arguments:
    """A task's arguments, plain or mapped: as given first, as the operator keeps them otherwise."""

    def __init__(self, task: Any, dag: Any) -> None:
        self.task = task
        self.dag = dag
        given = dict(getattr(task, "_BaseOperator__init_kwargs", None) or {})
        given.update(getattr(task, "partial_kwargs", None) or {})
        for name in ("expand_input", "op_kwargs_expand_input"):
            value = getattr(getattr(task, name, None), "value", None)
            given.update(value if isinstance(value, dict) else {})
        self.given: dict[str, Any] = given

    def get(self, *names: str) -> Any:
        for name in names:
            for value in (kept(self.task, name), self.given.get(name)):
                if value is not None:
                    return value
        return None

    def text(self, *names: str) -> str:
        value = self.get(*names)
        return value if isinstance(value, str) else ""

    def words(self, *names: str) -> list[str]:
        """A list of words, however it was given: a list, or text with spaces."""
        value = self.get(*names)
        if isinstance(value, str):
            return value.split()
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else []

    def connections(self) -> list[str]:
        """Connections that the DAG names itself: an operator's own default is often not used at all."""
        return sorted({value for name, value in self.given.items() if name.endswith("conn_id") and is_name(value)})

    def file_text(self, name: str) -> str:
        """The text of an argument; when it names a file that Airflow would read, the file's text."""
        value = self.get(name)
        if isinstance(value, (list, tuple)):
            return ";\n".join(str(one) for one in value)
        text = value if isinstance(value, str) else ""
        if not re.fullmatch(r"[^\s{}]+\.(sql|hql|sh|bash)", text):
            return text
        return next(
            (found for folder in self.template_folders() if (found := read_text(folder, text)) is not None), text
        )

    def template_folders(self) -> list[str]:
        search = getattr(self.dag, "template_searchpath", None) or []
        return [os.path.dirname(self.dag.fileloc), *([search] if isinstance(search, str) else search)]


def kept(task: Any, name: str) -> Any:
    try:
        return getattr(task, name, None)
    except Exception:
        return None


def is_name(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def read_text(folder: str, name: str) -> str | None:
    try:
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as file:
            return file.read(100_000)
    except OSError:
        return None


def uris(datasets: Any) -> list[str]:
    return sorted({str(one.uri) for one in datasets or [] if isinstance(getattr(one, "uri", None), str)})


def callable_place(function: Any, root: str) -> dict[str, Any] | None:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    if code is None:
        return None
    return {"file": os.path.relpath(code.co_filename, root), "line": code.co_firstlineno}


def runs_of(arguments: Arguments, root: str) -> list[dict[str, Any]]:
    for reads in READERS:
        runs = reads(arguments, root)
        if runs:
            return runs
    return []


def dag_runs(arguments: Arguments, _root: str) -> list[dict[str, Any]]:
    triggered = arguments.text("trigger_dag_id")
    if triggered:
        return [{"kind": "dag", "ref": triggered, "detail": "trigger"}]
    external = arguments.text("external_dag_id")
    if not external:
        return []
    one = arguments.get("external_task_id")
    tasks = arguments.words("external_task_ids") or ([one] if isinstance(one, str) else [])
    return [
        {"kind": "dag", "ref": external, "detail": f"wait:{task}" if task else "wait"}
        for task in sorted(set(tasks)) or [""]
    ]


def bash_runs(arguments: Arguments, _root: str) -> list[dict[str, Any]]:
    text = arguments.file_text("bash_command") or arguments.text("command", "ssh_command")
    return runs_of_command(text, arguments.text("cwd")) if text else []


def dbt_runs(arguments: Arguments, _root: str) -> list[dict[str, Any]]:
    """Cosmos, the dbt operators of several packages, and dbt Cloud's jobs, by the name of the class."""
    name = arguments.task.task_type
    if not name.startswith("Dbt"):
        return []
    job = arguments.get("job_id", "job_name")
    if "Cloud" in name:
        return [{"kind": "dbt", "ref": f"cloud:{job}" if job is not None else "cloud", "detail": "job"}]
    command = re.match(r"Dbt(Run|Build|Test|Seed|Snapshot|Ls|LS|Compile|Docs|Deps)", name)
    words = [command.group(1).lower() if command else "build"]
    render = arguments.get("render_config")
    for option, names in (("--select", ("select", "models")), ("--exclude", ("exclude",))):
        chosen = arguments.words(*names) or stand_in_words(render, option[2:])
        words += [option, *chosen] if chosen else []
    run = dbt_run(words, dbt_project(arguments))
    return [] if run is None else [run]


def stand_in_words(holder: Any, name: str) -> list[str]:
    value = getattr(holder, "headgate_kwargs", {}).get(name) if holder is not None else None
    return value.split() if isinstance(value, str) else [str(one) for one in value or []]


def dbt_project(arguments: Arguments) -> str:
    config = arguments.get("project_config")
    given = getattr(config, "headgate_args", ()) or tuple(
        getattr(config, "headgate_kwargs", {}).get(name) for name in ("dbt_project_path",)
    )
    for value in (*given[:1], arguments.get("project_dir"), arguments.get("dir")):
        if isinstance(value, (str, os.PathLike)):
            return os.fspath(value)
    return ""


def spark_runs(arguments: Arguments, _root: str) -> list[dict[str, Any]]:
    name = arguments.task.task_type
    if name.startswith("SparkSubmit"):
        application = arguments.text("application", "_application")
        words = arguments.words("application_args", "_application_args")
        return [{"kind": "spark", "ref": application, "detail": " ".join(words)}] if application else []
    if name.startswith("Glue") and "Job" in name:
        return [
            {"kind": "spark", "ref": arguments.text("script_location") or arguments.text("job_name"), "detail": "glue"}
        ]
    if name.startswith("SparkKubernetes"):
        return [{"kind": "spark", "ref": arguments.text("application_file"), "detail": "kubernetes"}]
    return [run for value in arguments.given.values() for run in nested_spark(value)]


def nested_spark(value: Any, depth: int = 0) -> list[dict[str, Any]]:
    """Spark applications inside the nested arguments of EMR, Dataproc and Databricks operators."""
    if depth > 8:
        return []
    if isinstance(value, dict):
        here = [spark_run(value, key) for key in SPARK_APPLICATION_KEYS if is_name(value.get(key))]
        return here or [run for one in value.values() for run in nested_spark(one, depth + 1)]
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], str) and "spark-submit" in value[0]:
            return [run for run in runs_of_command(quoted(value)) if run["kind"] == "spark"]
        return [run for one in value for run in nested_spark(one, depth + 1)]
    return []


def spark_run(holder: dict[str, Any], key: str) -> dict[str, Any]:
    words = holder.get("entryPointArguments") or holder.get("args") or holder.get("parameters") or []
    return {"kind": "spark", "ref": holder[key], "detail": " ".join(map(str, words)) if isinstance(words, list) else ""}


def quoted(words: Any) -> str:
    import shlex

    return " ".join(shlex.quote(str(word)) for word in words)


def sql_runs(arguments: Arguments, _root: str) -> list[dict[str, Any]]:
    text = arguments.file_text("sql") or arguments.file_text("query") or arguments.file_text("hql")
    if not text:
        return []
    connections = arguments.connections()
    default = next((value for name in SQL_CONNECTIONS if is_name(value := kept(arguments.task, name))), "")
    return [{"kind": "sql", "ref": connections[0] if connections else default, "detail": text[:4000]}]


# Where SQL operators keep the connection that they fall back to.
SQL_CONNECTIONS = (
    "conn_id",
    "postgres_conn_id",
    "snowflake_conn_id",
    "mysql_conn_id",
    "redshift_conn_id",
    "gcp_conn_id",
)


def python_runs(arguments: Arguments, root: str) -> list[dict[str, Any]]:
    function = arguments.get("python_callable")
    if not callable(function):
        return []
    place = callable_place(function, root)
    name = getattr(function, "__qualname__", type(function).__name__)
    module = str(getattr(function, "__module__", ""))
    module = re.sub(r"^unusual_prefix_[0-9a-f]{40}_", "", module)
    detail = f"{place['file']}:{place['line']}" if place else ""
    return [{"kind": "python", "ref": f"{module}.{name}", "detail": detail}]


# In this order: the first that finds something has said what the task runs.
READERS: list[Callable[[Arguments, str], list[dict[str, Any]]]] = [
    dag_runs,
    dbt_runs,
    bash_runs,
    spark_runs,
    sql_runs,
    python_runs,
]
