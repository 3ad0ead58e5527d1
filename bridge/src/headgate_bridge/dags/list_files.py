"""Which files Airflow would read in a dags folder: its own walk, `.airflowignore` and heuristic."""

import os


def list_dag_files(root: str, dags_folder: str) -> list[str]:
    """Root-relative, sorted. Both syntaxes of .airflowignore: glob when a pattern of it is only valid there."""
    from airflow.utils.file import find_path_from_directory, might_contain_dag_via_default_heuristic

    syntax = ignore_syntax(dags_folder)
    found = []
    try:
        for path in find_path_from_directory(dags_folder, ".airflowignore", syntax):
            text = str(path)
            if text.endswith((".py", ".zip")) and os.path.isfile(text) and might_contain_dag_via_default_heuristic(text):
                found.append(os.path.relpath(text, root))
    except RuntimeError as error:
        # Airflow gives up on a loop of links; what it had found until then is still read.
        if "recursive loop" not in str(error).lower():
            raise
    return sorted(set(found))


def ignore_syntax(dags_folder: str) -> str:
    """Airflow 2 takes regular expressions unless told otherwise; a file that is none of those is meant as globs."""
    import re

    try:
        with open(os.path.join(dags_folder, ".airflowignore"), encoding="utf-8", errors="replace") as file:
            lines = [line.split("#")[0].strip() for line in file]
    except OSError:
        return "regexp"
    for line in filter(None, lines):
        if line.startswith(("*", "/", "!")) or "**" in line:
            return "glob"
        try:
            re.compile(line)
        except re.error:
            return "glob"
    return "regexp"
