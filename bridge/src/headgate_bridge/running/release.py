"""Finds in HEADGATE_HOME which release of a dbt project or Spark job is to be run, and that all of it is there."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from .refusal import COULD_NOT_TELL, DISABLED, Refusal

VERSION = 1

# What encodeURIComponent, by which pointers are named, leaves as it is besides letters, digits and -_.~
UNQUOTED = "!~*'()"


class Release(NamedTuple):
    """`folder` holds the files of the part, at the paths they have in the repository; `own` is the part's entry of
    headgate.yaml; `stopped` are the keys of assets that a person disabled."""

    bundle: str
    part: str
    folder: Path
    settings: dict[str, Any]
    own: dict[str, Any]
    stopped: tuple[str, ...] = ()


def find_release(home: Path, target: str, name: str, pinned: str | None) -> Release:
    """The release that a run is pinned to, else the live one. Raises Refusal; nothing is changed."""
    pointer = read_pointer(home, target, name)
    if pointer is not None and pointer.get("disabled") is True:
        raise Refusal(
            DISABLED,
            f"{target}/{name} is disabled in this environment; nothing was run. `headgate enable` lets it run again.",
        )
    bundle = pinned or (pointer or {}).get("bundle")
    if not bundle:
        raise Refusal(
            COULD_NOT_TELL, f"{target}/{name} has not been released here: no {pointer_path(home, target, name)}"
        )
    unit = f"{target}/{name}"
    record = read_record(home / "bundles" / f"{hex_of(bundle)}.json", f"release {bundle}")
    part = record.get("parts", {}).get(unit)
    if not part:
        held = ", ".join(sorted(record.get("parts", {}))) or "nothing"
        raise Refusal(COULD_NOT_TELL, f"release {bundle} does not hold {unit}; it holds {held}")
    if not pinned and pointer is not None and pointer.get("part") not in (None, part):
        raise Refusal(
            COULD_NOT_TELL, f"the pointer of {unit} names part {pointer['part']}, release {bundle} names {part}"
        )
    named = record.get("settings", {}).get(unit)
    if not named:
        raise Refusal(COULD_NOT_TELL, f"release {bundle} has no settings for {unit}")
    settings = read_record(home / "settings" / f"{hex_of(named)}.json", f"settings of {unit} in release {bundle}")
    stopped = tuple(map(str, (pointer or {}).get("disabledAssets") or []))
    return Release(bundle, part, complete_part(home, part, unit), settings, settings.get("settings") or {}, stopped)


def pointer_path(home: Path, target: str, name: str) -> Path:
    return home / "pointers" / target / f"{quote(name, safe=UNQUOTED)}.json"


def read_pointer(home: Path, target: str, name: str) -> dict[str, Any] | None:
    path = pointer_path(home, target, name)
    return read_record(path, f"pointer of {target}/{name}") if path.exists() else None


def read_record(path: Path, what: str) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refusal(COULD_NOT_TELL, f"{what} is not complete here: {path} is missing") from None
    except (OSError, ValueError) as error:
        raise Refusal(COULD_NOT_TELL, f"{what} cannot be read: {path}: {error}") from None
    if not isinstance(record, dict) or record.get("version") != VERSION:
        found = record.get("version") if isinstance(record, dict) else None
        raise Refusal(COULD_NOT_TELL, f"{what} has version {found!r}, this headgate-run reads {VERSION}: {path}")
    return record


def complete_part(home: Path, part: str, unit: str) -> Path:
    """The folder of a part, once its record is there and the folder holds what the record says."""
    folder = home / "parts" / hex_of(part)
    record = read_record(home / "parts" / f"{hex_of(part)}.json", f"{unit} ({part})")
    if record.get("digest") != part:
        raise Refusal(COULD_NOT_TELL, f"{unit}: the record of {part} names {record.get('digest')}")
    files, size = content_of(folder)
    if (files, size) != (record.get("files"), record.get("bytes")):
        raise Refusal(
            COULD_NOT_TELL,
            f"{unit} ({part}) is not complete here: {files} files of {record.get('files')}, "
            f"{size} bytes of {record.get('bytes')}, in {folder}",
        )
    return folder


def content_of(folder: Path) -> tuple[int, int]:
    """Number and bytes of the files; byte code that an interpreter left beside them is not counted."""
    files = size = 0
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        files += len(names)
        size += sum(os.lstat(os.path.join(path, name)).st_size for name in names)
    return files, size


def hex_of(digest: str) -> str:
    match = re.fullmatch(r"sha256:([0-9a-f]{64})", str(digest))
    if match is None:
        raise Refusal(COULD_NOT_TELL, f"{digest!r} is no digest (sha256:<64 hex>)")
    return match.group(1)
