"""Tables of a rehearsal that dbt does not make itself: inputs of unit tests, and sources with data of their own."""

import csv
import datetime
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from .messages import describe_message

TIMES = (
    (re.compile(r"\d{4}-\d\d-\d\d$"), "date"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$"), "timestamp"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?\s*([+-]\d\d(:?\d\d)?|Z)$"), "timestamptz"),
)
WIDER = {("bigint", "decimal(38,9)"): "decimal(38,9)", ("date", "timestamp"): "timestamp"}


Columns = dict[str, str]


def make_stand_ins(inputs: dict[str, tuple[Any, Columns]], path: str) -> None:
    """An empty table for each input of a unit test that nothing has built: dbt takes column types from it."""
    import duckdb

    with duckdb.connect(path) as connection:
        for node, columns in inputs.values():
            if node.resource_type != "seed" and columns:
                create_empty(connection, node.schema, getattr(node, "identifier", None) or node.alias, columns)


def create_empty(connection: Any, schema: str, name: str, columns: Columns) -> None:
    import duckdb

    connection.execute(f"create schema if not exists {quoted(schema)}")
    place = f"{quoted(schema)}.{quoted(name)}"
    connection.execute(f"drop table if exists {place}")
    try:
        connection.execute(f"create table {place} ({', '.join(f'{quoted(c)} {t}' for c, t in columns.items())})")
    except duckdb.Error:
        # A declared type that DuckDB does not know.
        connection.execute(f"create table {place} ({', '.join(f'{quoted(c)} varchar' for c in columns)})")


def input_columns(manifest: Any) -> dict[str, tuple[Any, Columns]]:
    """The inputs of all unit tests by id. A column has its declared type, else that of the values that tests give."""
    found: dict[str, tuple[Any, dict[str, str | None]]] = {}
    nodes = {**manifest.nodes, **manifest.sources}
    for test in manifest.unit_tests.values():
        for given in test.given:
            node = input_node(given.input, test, nodes)
            if node is None:
                continue
            _, columns = found.setdefault(node.unique_id, (node, declared_types(node)))
            for row in rows_of(given):
                for name, value in row.items():
                    columns[name] = declared_types(node).get(name) or wider(columns.get(name), type_of(value))
    return {key: (node, with_types(columns)) for key, (node, columns) in found.items()}


def with_types(columns: dict[str, str | None]) -> Columns:
    return {name: kind or "varchar" for name, kind in columns.items()}


# What DuckDB says when a test leaves out a column that the model reads.
MISSING = re.compile(
    r'(?:Table|Values list) "(?P<alias>\w+)" does not have a column named "(?P<of>\w+)"'
    r'|Referenced column "(?P<name>\w+)" (?:was )?not found'
)
# The type of a column that no test gives, by its name: it is null in every row, but functions want a type.
BY_NAME = (
    (re.compile(r"(_at|_time|time|timestamp|_ts)$", re.I), "timestamp"),
    (re.compile(r"(^|_)(date|day|month|week)$", re.I), "date"),
    (re.compile(r"^(is|has|was)_", re.I), "boolean"),
    (
        re.compile(r"amount|price|cost|total|count|quantity|qty|rate|value|sum|cents|tax|fee|minor|num|score", re.I),
        "decimal(38,9)",
    ),
)


def add_missing(inputs: dict[str, tuple[Any, Columns]], test: Any, model: Any, message: str) -> str | None:
    """Gives the likeliest input of the test the column that the message lacks, and all that the model reads under the
    same alias. The column's name; None when the message is about anything else, or no input can have it."""
    said = MISSING.search(message)
    mine = [entry for entry in inputs.values() if is_input(entry[0], test) and entry[0].resource_type != "seed"]
    if said is None or not mine:
        return None
    alias, name = said.group("alias") or "", said.group("of") or said.group("name")
    node, columns = max(mine, key=lambda entry: likelihood(entry[0], alias, name))
    wanted = {name, *re.findall(rf"\b{re.escape(alias)}\.(\w+)", model.raw_code or "")} if alias else {name}
    known = {column.lower() for column in columns}
    types = declared_types(node)
    for column in sorted(wanted):
        if column.lower() not in known:
            columns[column] = types.get(column) or type_by_name(column)
    return name


def is_input(node: Any, test: Any) -> bool:
    return any(f"'{node.name}'" in given.input or f'"{node.name}"' in given.input for given in test.given)


def likelihood(node: Any, alias: str, name: str) -> int:
    """How likely the input has a column of this name, from what is written of it."""
    declared = name in (getattr(node, "columns", None) or {})
    written = re.search(rf"\b{re.escape(name)}\b", getattr(node, "raw_code", None) or "", re.I) is not None
    alike = bool(alias) and (alias == node.name or node.name.endswith(f"_{alias}"))
    return 4 * declared + 2 * written + alike


def type_by_name(name: str) -> str:
    return next((kind for pattern, kind in BY_NAME if pattern.search(name)), "varchar")


def input_node(said: str, test: Any, nodes: dict[str, Any]) -> Any:
    words = re.findall(r"[\"']([^\"']+)[\"']", said)
    if said.strip() == "this":
        return next((n for n in nodes.values() if n.resource_type == "model" and n.name == test.model), None)
    if said.strip().startswith("source") and len(words) == 2:
        sources = (one for one in nodes.values() if one.resource_type == "source")
        return next((one for one in sources if [one.source_name, one.name] == words), None)
    name = words[-1] if words else ""
    kinds = ("model", "seed", "snapshot")
    same = [node for node in nodes.values() if node.resource_type in kinds and node.name == name]
    wanted = [node for node in same if node.unique_id in test.depends_on.nodes]
    return next(iter(wanted or same), None)


def declared_types(node: Any) -> dict[str, str | None]:
    columns = getattr(node, "columns", None) or {}
    return {name: column.data_type for name, column in columns.items() if column.data_type}


def rows_of(given: Any) -> list[dict[str, Any]]:
    rows = getattr(given, "rows", None)
    if isinstance(rows, str):
        if str(getattr(given.format, "value", given.format)) != "csv":
            return []
        return [dict(row) for row in csv.DictReader(io.StringIO(rows.strip()), skipinitialspace=True)]
    return [row for row in rows or [] if isinstance(row, dict)]


def type_of(value: Any) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "bigint"
    if isinstance(value, (float, Decimal)):
        return "decimal(38,9)"
    if isinstance(value, datetime.datetime):
        return "timestamptz" if value.tzinfo else "timestamp"
    if isinstance(value, datetime.date):
        return "date"
    if isinstance(value, str):
        return next((kind for pattern, kind in TIMES if pattern.match(value.strip())), "varchar")
    return None


def wider(known: str | None, seen: str | None) -> str | None:
    if known is None or seen is None or known == seen:
        return known or seen
    return WIDER.get((known, seen)) or WIDER.get((seen, known)) or "varchar"


def load_sources(sources: Iterable[Any], path: str, folder: str) -> dict[str, dict[str, Any]]:
    """Makes a table of the file that the folder has for each source. What was wrong with them, by the sources' ids."""
    import duckdb

    errors = {}
    with duckdb.connect(path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for source in sources:
            file = Path(folder) / source.source_name / f"{source.name}.csv"
            types = declared_types(source)
            place = f"{quoted(source.schema)}.{quoted(source.identifier)}"
            try:
                connection.execute(f"create schema if not exists {quoted(source.schema)}")
                read = "read_csv(?, header = true, types = ?)" if types else "read_csv(?, header = true)"
                given = [str(file), types] if types else [str(file)]
                connection.execute(f"create table {place} as select * from {read}", given)
            except duckdb.Error as error:
                said = describe_message(str(error), str(file.parent))
                errors[source.unique_id] = {**said, "path": str(file), "line": None}
    return errors


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
