"""Fills in `${values.x}` and `${secrets.x}`. Secrets are read at this moment, kept in memory, and only go into env."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from .refusal import COULD_NOT_TELL, Refusal

TEMPLATE = re.compile(r"\$\{(values|secrets)\.([A-Za-z_][A-Za-z0-9_]*)\}")


class Templates:
    """The values of the environment, and where its secrets are."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.values: dict[str, Any] = settings.get("values") or {}
        self.secrets: dict[str, str] = settings.get("secrets") or {}

    def public(self, template: Any, where: str) -> Any:
        """For arguments, configuration and variables, which any process of the machine may see. A text that is one
        `${values.x}` and nothing else keeps the type of the value. Raises Refusal for a secret."""
        if isinstance(template, dict):
            return {key: self.public(value, f"{where}.{key}") for key, value in template.items()}
        if isinstance(template, list):
            return [self.public(value, f"{where}[{index}]") for index, value in enumerate(template)]
        if not isinstance(template, str):
            return template
        for kind, name in TEMPLATE.findall(template):
            if kind == "secrets":
                raise Refusal(
                    COULD_NOT_TELL,
                    f"{where} holds ${{secrets.{name}}}: a secret may only go into env: others see arguments",
                )
        whole = TEMPLATE.fullmatch(template)
        if whole is not None:
            return self.value(whole.group(2), where)
        return TEMPLATE.sub(lambda match: as_text(self.value(match.group(2), where)), template)

    def env(self, templates: dict[str, Any], where: str) -> dict[str, str]:
        """Environment variables: the one place that a secret may go to."""
        return {name: self.env_value(as_text(template), f"{where}.{name}") for name, template in templates.items()}

    def env_value(self, template: str, where: str) -> str:
        def fill(match: re.Match[str]) -> str:
            kind, name = match.groups()
            return self.secret(name, where) if kind == "secrets" else as_text(self.value(name, where))

        return TEMPLATE.sub(fill, template)

    def value(self, name: str, where: str) -> Any:
        if name not in self.values:
            raise Refusal(COULD_NOT_TELL, f"{where} needs the value {name}, which this environment does not have")
        return self.values[name]

    def secret(self, name: str, where: str) -> str:
        reference = self.secrets.get(name)
        if reference is None:
            raise Refusal(COULD_NOT_TELL, f"{where} needs the secret {name}, which this environment does not have")
        kind, _, place = reference.partition(":")
        if kind == "env" and place in os.environ:
            return os.environ[place]
        if kind == "file":
            return read_secret(place, name)
        reason = "is not set here" if kind == "env" else f"is of a kind that cannot be read here ({kind})"
        raise Refusal(COULD_NOT_TELL, f"the secret {name} ({reference}) {reason}")


def read_secret(path: str, name: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(COULD_NOT_TELL, f"the secret {name} cannot be read from {path}: {type(error).__name__}") from None


def as_text(value: Any) -> str:
    """As dbt, Spark and environment variables write it: true and false, lists and maps as JSON."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
