"""A HEADGATE_HOME in a temporary folder, written the way a target writes it."""

import hashlib
import json
import tempfile
import unittest
from pathlib import Path
from typing import Any


def digest_of(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


class Home:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, content: Any) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))

    def part(self, unit: str, files: dict[str, str], label: str = "1") -> str:
        """Unpacks a part and writes its record; gives its digest."""
        digest = digest_of(unit + label)
        for path, text in files.items():
            self.write(f"parts/{digest[7:]}/{path}", text)
        size = sum(len(text.encode()) for text in files.values())
        self.write(
            f"parts/{digest[7:]}.json",
            {"version": 1, "part": unit, "digest": digest, "files": len(files), "bytes": size},
        )
        return digest

    def bundle(self, label: str, parts: dict[str, str], settings: dict[str, Any]) -> str:
        """`settings` has values, secrets, and the entry of headgate.yaml by part."""
        digest = digest_of(f"bundle {label}")
        common = {"version": 1, "environment": "test", "values": settings["values"], "secrets": settings["secrets"]}
        named = {}
        for unit, own in settings["parts"].items():
            named[unit] = digest_of(f"settings {label} {unit}")
            self.write(f"settings/{named[unit][7:]}.json", {**common, "part": unit, "settings": own})
        record = {"version": 1, "bundle": digest, "environment": "test", "parts": parts, "settings": named}
        self.write(f"bundles/{digest[7:]}.json", record)
        return digest

    def pointer(self, unit: str, bundle: str, part: str, disabled: bool = False) -> None:
        record = {"version": 1, "part": part, "bundle": bundle, "epoch": 1, "key": "k", "disabled": disabled}
        self.write(f"pointers/{unit}.json", record)


class HomeCase(unittest.TestCase):
    """Each test has a home of its own, with one dbt project released in it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = Home(Path(folder.name))
        self.part = self.home.part("dbt/shop", {"dbt/shop/dbt_project.yml": "name: shop\n"})
        self.settings: dict[str, Any] = {
            "values": {"host": "db1", "port": 5432, "full": True, "regions": ["eu", "us"]},
            "secrets": {"password": "env:TEST_HEADGATE_PASSWORD"},
            "parts": {"dbt/shop": {"path": "dbt/shop"}},
        }
        self.bundle = self.home.bundle("1", {"dbt/shop": self.part}, self.settings)
        self.home.pointer("dbt/shop", self.bundle, self.part)
