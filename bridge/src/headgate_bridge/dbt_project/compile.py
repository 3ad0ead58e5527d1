"""`dbt.compile`: the SQL of chosen nodes, without a look at any database."""

from pathlib import Path
from typing import Any

from .messages import describe_message
from .project import invoke


def compile_models(params: dict[str, Any], scratch: Path) -> dict[str, Any]:
    """Nodes whose SQL asks the database while it is compiled become errors: there is none here."""
    compile_each_by_itself()
    command = ["compile", "--no-partial-parse", "--no-populate-cache", "--no-introspect", "--threads", "2"]
    select = [str(one) for one in params.get("select") or []]
    attempt = invoke([*command, *(["--select", *select] if select else [])], params, scratch)
    results = getattr(attempt.result, "results", None) or []
    compiled = {}
    for result in results:
        code = getattr(result.node, "compiled_code", None)
        if isinstance(code, str):
            compiled[result.node.unique_id] = code
        if str(result.status) in ("error", "fail"):
            attempt.errors.append(
                {**describe_message(str(result.message), params["projectDir"]), "path": result.node.original_file_path}
            )
    return {"compiled": compiled, "errors": attempt.errors}


def compile_each_by_itself() -> None:
    """One node that cannot be compiled does not end the run, as it would in `dbt compile`. No relation is there yet, so
    incremental models compile as on their first run. Called in a fork only."""
    from dbt.adapters.base.impl import BaseAdapter
    from dbt.task.compile import CompileTask

    CompileTask.raise_on_first_error = lambda self: False
    BaseAdapter.get_relation = lambda self, database, schema, identifier: None
