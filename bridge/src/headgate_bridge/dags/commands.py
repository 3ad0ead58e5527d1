"""Finds in shell text what it runs: dbt, spark-submit, headgate-run. Reads, never executes."""

import re
import shlex
from dataclasses import dataclass
from typing import Any

SEPARATORS = {";", "&&", "||", "|", "&", "\n", "(", ")"}
DBT_COMMANDS = set(
    [
        "run",
        "build",
        "test",
        "seed",
        "snapshot",
        "compile",
        "docs",
        "source",
        "run-operation",
        "clone",
        "retry",
        "ls",
        "list",
        "parse",
        "deps",
        "debug",
        "show",
    ]
)
# Programs that only mention what follows them.
MENTIONS = {
    "echo",
    "printf",
    "pip",
    "cat",
    "ls",
    "mkdir",
    "rm",
    "cp",
    "mv",
    "git",
    "aws",
    "gsutil",
    "which",
    "test",
    "grep",
    "export",
}
SELECTING = {
    "-s": "select",
    "--select": "select",
    "-m": "select",
    "--model": "select",
    "--models": "select",
    "--exclude": "exclude",
}
SPARK_FLAGS_WITHOUT_VALUE = {"--verbose", "-v", "--supervise", "--help", "--version"}


@dataclass
class Found:
    """One program that the text runs, with its own words, and the folder that a `cd` before it went to."""

    program: str
    words: list[str]
    folder: str


def runs_of_command(text: str, folder: str = "") -> list[dict[str, Any]]:
    """The protocol's runs of a shell text; `bash` when it runs nothing that is known."""
    runs = [run for found in find_programs(text, folder) if (run := READERS[found.program](found)) is not None]
    if runs:
        return runs
    words = shell_words(text)
    program = next((word for word in words if word not in SEPARATORS and "=" not in word), "")
    return [{"kind": "bash", "ref": basename(program), "detail": text.strip()[:4000]}]


def find_programs(text: str, folder: str) -> list[Found]:
    found: list[Found] = []
    for words in simple_commands(shell_words(text)):
        if words[0] == "cd" and len(words) > 1:
            folder = words[1]
        elif basename(words[0]) in ("bash", "sh", "zsh") and "-c" in words[:-1]:
            found += find_programs(words[words.index("-c") + 1], folder)
        elif basename(words[0]) not in MENTIONS:
            found += [Found(basename(word), words[at + 1 :], folder) for at, word in known_programs(words)][:1]
    return found


def known_programs(words: list[str]) -> list[tuple[int, str]]:
    return [(at, word) for at, word in enumerate(words) if basename(word) in READERS]


def basename(word: str) -> str:
    return word.rstrip("/").rpartition("/")[2]


def shell_words(text: str) -> list[str]:
    """Words and separators. Jinja expressions are kept as one word each; unbalanced quotes fall back to spaces."""
    joined = re.sub(r"\\\r?\n", " ", re.sub(r"\{#.*?#\}|\{%.*?%\}", " ", text, flags=re.S))
    whole = re.sub(r"\{\{.*?\}\}", lambda match: re.sub(r"[\s'\"]+", "", match.group()), joined, flags=re.S)
    lexer = shlex.shlex(re.sub(r"\r?\n", " ; ", whole), posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:
        return re.split(r"\s+", whole.strip())


def simple_commands(words: list[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if word in SEPARATORS or set(word) <= set(";&|()"):
            commands.append([])
        elif commands[-1] or not re.match(r"^[A-Za-z_][A-Za-z0-9_]*=", word):
            commands[-1].append(word)
    return [command for command in commands if command]


def read_dbt(found: Found) -> dict[str, Any] | None:
    return dbt_run(found.words, option(found.words, "--project-dir") or found.folder)


def dbt_run(words: list[str], project: str) -> dict[str, Any] | None:
    """`words` are those after `dbt`, global options possibly before the command."""
    at = next((index for index, word in enumerate(words) if word in DBT_COMMANDS), None)
    if at is None:
        return None
    command = words[at]
    select, exclude = selection(words[at + 1 :])
    detail = [command]
    if select:
        detail += ["--select", *select]
    if exclude:
        detail += ["--exclude", *exclude]
    return {
        "kind": "dbt",
        "ref": project,
        "detail": " ".join(detail),
        "command": command,
        "select": select,
        "exclude": exclude,
    }


def selection(words: list[str]) -> tuple[list[str], list[str]]:
    """What the options select and exclude; `--selector x` counts as `selector:x`."""
    chosen: dict[str, list[str]] = {"select": [], "exclude": []}
    into: str | None = None
    for word in words:
        name, _, value = word.partition("=")
        if name in SELECTING:
            into = SELECTING[name]
            chosen[into] += value.split()
        elif name == "--selector":
            into = "selector"
            if value:
                chosen["select"].append(f"selector:{value}")
        elif word.startswith("-"):
            into = None
        elif into == "selector":
            chosen["select"].append(f"selector:{word}")
            into = None
        elif into is not None:
            chosen[into] += word.split()
    return chosen["select"], chosen["exclude"]


def option(words: list[str], name: str) -> str:
    for at, word in enumerate(words):
        if word == name and at + 1 < len(words):
            return words[at + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return ""


def read_spark_submit(found: Found) -> dict[str, Any] | None:
    """The application is the first word that is neither an option nor an option's value."""
    words = found.words
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += (
            1 if words[at] in SPARK_FLAGS_WITHOUT_VALUE or ("=" in words[at] and words[at].startswith("--conf=")) else 2
        )
    if at >= len(words):
        return None
    return {"kind": "spark", "ref": words[at], "detail": " ".join(words[at + 1 :])}


def read_headgate_run(found: Found) -> dict[str, Any] | None:
    if len(found.words) < 2:
        return None
    kind, name, *rest = found.words
    if kind == "dbt":
        return dbt_run(rest, name)
    return {"kind": "spark", "ref": name, "detail": " ".join(rest)} if kind == "spark" else None


READERS = {
    "dbt": read_dbt,
    "spark-submit": read_spark_submit,
    "spark-submit2": read_spark_submit,
    "headgate-run": read_headgate_run,
}
