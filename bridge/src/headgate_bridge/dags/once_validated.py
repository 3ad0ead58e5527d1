"""Airflow checks every serialised DAG against a JSON Schema, which takes longer than serialising it. Most DAGs differ in what the
schema says nothing about: those are alike, and what is alike is checked once a process."""

import functools
import inspect
import json
from typing import Any


def validate_once() -> None:
    """From now on. What the schema refuses is refused as before, each time."""
    from airflow.models.baseoperator import BaseOperator
    from airflow.serialization.json_schema import load_dag_schema_dict
    from airflow.serialization.serialized_objects import SerializedDAG
    from airflow.timetables import _cron

    likeness = Likeness(load_dag_schema_dict())
    original = SerializedDAG.validate_schema
    seen: set[str] = set()

    def validate_schema(_cls: type, serialised: Any) -> None:
        key = likeness.of(serialised)
        if key is None or key not in seen:
            original(serialised)
            if key is not None:
                seen.add(key)

    SerializedDAG.validate_schema = classmethod(validate_schema)  # type: ignore[method-assign, assignment]
    # Asked for again for each task, and for each DAG of one schedule; both only depend on what they are asked with.
    BaseOperator.__init__.__signature__ = inspect.signature(BaseOperator.__init__)  # type: ignore[attr-defined]
    _cron.ExpressionDescriptor = functools.lru_cache(maxsize=1000)(_cron.ExpressionDescriptor)
    _cron.croniter = parsed_once(_cron.croniter)


def parsed_once(croniter: Any) -> Any:
    """Airflow asks one without a time only whether its expression is one, and for its parts."""
    without_time = functools.lru_cache(maxsize=1000)(croniter)

    def make(*args: Any, **kwargs: Any) -> Any:
        return (croniter if kwargs or len(args) > 1 else without_time)(*args, **kwargs)

    return make


class Likeness:
    """Puts types in the place of values where a schema asks for no more than those."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.rules: dict[int, dict[str, Any] | None] = {}

    def of(self, value: Any) -> str | None:
        """Equal for values of which the schema takes both or neither. None for what is no JSON."""
        try:
            return as_text(self.reduced(value, self.schema))
        except (TypeError, ValueError):
            return None

    def reduced(self, value: Any, schema: Any) -> Any:
        if id(schema) not in self.rules:
            self.rules[id(schema)] = self.rules_of(schema)
        rules = self.rules[id(schema)]
        if rules is None:
            return ["value", value]
        if rules.keys() == {"type", "allOf"} and len(rules["allOf"]) == 1:
            return [type(value).__name__, self.reduced(value, rules["allOf"][0])]
        if rules.keys() == {"anyOf"}:
            return ["any", [self.reduced(value, one) for one in rules["anyOf"]]]
        if is_type_alone(value, rules):
            return type(value).__name__
        if isinstance(value, dict) and not rules.keys() - {"type", "properties", "required", "additionalProperties"}:
            return self.reduced_members(value, rules)
        if isinstance(value, list) and not rules.keys() - {"type", "items"} and isinstance(rules.get("items"), dict):
            return ["items", sorted({as_text(self.reduced(item, rules["items"])) for item in value})]
        return ["value", value]

    def reduced_members(self, value: dict[str, Any], rules: dict[str, Any]) -> Any:
        others = rules.get("additionalProperties", True)
        if not isinstance(others, bool):
            return ["value", value]
        known = rules.get("properties", {})
        return {name: self.reduced(member, known[name]) if name in known else None for name, member in value.items()}

    def rules_of(self, schema: Any) -> dict[str, Any] | None:
        """Without remarks, and where the schema names another, that one. None for what is not understood."""
        if not isinstance(schema, dict):
            return None
        rules = {name: rule for name, rule in schema.items() if name not in REMARKS}
        reference = rules.get("$ref")
        if reference is None:
            return rules
        if not str(reference).startswith("#/definitions/") or len(rules) > 1:
            return None
        return self.rules_of(self.schema["definitions"].get(reference.rpartition("/")[2]))


def is_type_alone(value: Any, rules: dict[str, Any]) -> bool:
    """Whether the rules ask for the type of such a value alone, or refuse that type. Of lists, `additionalProperties` says
    nothing."""
    if (rules.get("type") == "object" and not isinstance(value, dict)) or (
        rules.get("type") == "array" and not isinstance(value, list)
    ):
        return True
    if isinstance(value, float) and "integer" in str(rules.get("type")):
        return False
    return not rules.keys() - ({"type", "additionalProperties"} if isinstance(value, list) else {"type"})


def as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


REMARKS = {"$schema", "$id", "$comment", "description", "definitions", "title"}
