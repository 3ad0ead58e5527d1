"""Answers what a DAG file asks Airflow for while it is read: Variables, Connections, the metadata database."""

import json
import os
from typing import Any

from .assume import assume_what_is_missing
from .stand_in import AssumedText, StandIn
from .watch import Watch


class Answers:
    """Takes the place of the metadata database and the secrets backends for one file."""

    def __init__(self, params: dict[str, Any], watch: Watch, assumed: set[str]) -> None:
        self.known_variables: dict[str, Any] = params.get("variables") or {}
        self.known_connections = set(params.get("connections") or [])
        self.assume = bool(params.get("assumeMissing"))
        self.watch = watch
        self.assumed = assumed
        self.variables: set[str] = set()
        self.connections: set[str] = set()

    def begin(self) -> None:
        self.variables = set()
        self.connections = set()

    def install(self) -> None:
        from airflow import settings
        from airflow.hooks.base import BaseHook
        from airflow.models.connection import Connection
        from airflow.models.variable import Variable

        def get_variable(
            _cls: type,
            key: str,
            default_var: Any = Variable._Variable__NO_DEFAULT_SENTINEL,
            deserialize_json: bool = False,
        ) -> Any:
            return self.variable(key, default_var, deserialize_json, Variable._Variable__NO_DEFAULT_SENTINEL)

        def get_connection(_cls: type, conn_id: str) -> Any:
            return self.connection(conn_id)

        def session(*_args: Any, **_kwargs: Any) -> Any:
            """Airflow's own code asks too (SubDagOperator for pools), so it is told of and answered, not refused."""
            self.watch.note("metadata-db", "a session of the metadata database")
            return EmptySession()

        Variable.get = classmethod(get_variable)
        BaseHook.get_connection = classmethod(get_connection)
        Connection.get_connection_from_secrets = classmethod(get_connection)
        settings.Session = session
        # Nobody has told what is in a connection's extra: whatever is asked of it is there.
        Connection.extra_dejson = property(lambda connection: StandIn(connection.conn_id))
        if self.assume:
            assume_what_is_missing(self.assumed)

    def variable(self, key: str, default: Any, as_json: bool, no_default: Any) -> Any:
        self.variables.add(key)
        self.watch.note("variable", key)
        value = self.known_variables.get(key, os.environ.get(f"AIRFLOW_VAR_{str(key).upper()}"))
        if value is not None:
            return decoded(value) if as_json else as_text(value)
        if default is not no_default:
            return default
        if self.assume:
            self.assumed.add(f"variable:{key}")
            return StandIn(key) if as_json else AssumedText(key)
        raise KeyError(f"Variable {key} does not exist")

    def connection(self, conn_id: str) -> Any:
        from airflow.exceptions import AirflowNotFoundException
        from airflow.models.connection import Connection

        self.connections.add(conn_id)
        self.watch.note("connection", conn_id)
        if conn_id not in self.known_connections:
            if not self.assume:
                raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined")
            self.assumed.add(f"connection:{conn_id}")
        return Connection(
            conn_id=conn_id,
            conn_type="generic",
            host="localhost",
            login="login",
            password="password",
            schema="schema",
            port=1,
        )


class EmptySession:
    """A metadata database with nothing in it: every query has an empty answer."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: EMPTY_ANSWERS.get(name, self)

    def __iter__(self) -> Any:
        return iter(())

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        return None


EMPTY_ANSWERS: dict[str, Any] = {
    "all": [],
    "count": 0,
    "first": None,
    "get": None,
    "one_or_none": None,
    "rowcount": 0,
    "scalar": None,
    "scalar_one_or_none": None,
}


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
