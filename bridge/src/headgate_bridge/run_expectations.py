"""Runs suites of Great Expectations on CSV files, without network and with leave to change its scratch folder only.

    python -m headgate_bridge.run_expectations SCRATCH    order: JSON on stdin, answer: JSON in SCRATCH/answer.json

Order: {"suites": [{"path", "expectations": [{"type", "kwargs"}], "data"}]}, `data` an absolute path.
Answer: {"results": [{"path", "index", "success", "said"}]}; `success` is null for an expectation that Great
Expectations does not know or cannot evaluate.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from . import confine

LONGEST = 400


def main(scratch: str) -> int:
    order = json.load(sys.stdin)
    confine.die_with_parent()
    confine.cut_network()
    confine.allow_writes_only_in([scratch, "/dev/shm"])
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.chdir(scratch)
    results = [result for suite in order["suites"] for result in validate(suite)]
    Path(scratch, "answer.json").write_text(json.dumps({"results": results}), encoding="utf-8")
    return 0


def validate(suite: dict[str, Any]) -> list[dict[str, Any]]:
    import great_expectations as gx
    import pandas

    context = gx.get_context(mode="ephemeral")
    frame = pandas.read_csv(suite["data"])
    asset = context.data_sources.add_pandas("seed").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    return [one(gx, batch, suite["path"], index, said) for index, said in enumerate(suite["expectations"])]


def one(gx: Any, batch: Any, path: str, index: int, said: dict[str, Any]) -> dict[str, Any]:
    place = {"path": path, "index": index}
    try:
        suite = gx.ExpectationSuite(name="suite", expectations=[{"type": said["type"], "kwargs": said["kwargs"]}])
        if not suite.expectations:
            return {**place, "success": None, "said": "it is not known, or not with these arguments"}
        result = batch.validate(suite).results[0]
    except Exception as error:
        return {**place, "success": None, "said": str(error)[:LONGEST]}
    raised = exception_of(result.exception_info)
    if raised is not None:
        return {**place, "success": None, "said": raised[:LONGEST]}
    return {**place, "success": bool(result.success), "said": observed(result.result or {})}


def exception_of(found: Any) -> str | None:
    """Either one exception, or one for each metric that could not be had."""
    entries = [found, *found.values()] if isinstance(found, dict) else []
    raised = [one for one in entries if isinstance(one, dict) and one.get("raised_exception")]
    return str(raised[0].get("exception_message")) if raised else None


def observed(result: dict[str, Any]) -> str:
    if "observed_value" in result:
        return f"observed {json.dumps(result['observed_value'], default=str)[:100]}"
    count, total = result.get("unexpected_count"), result.get("element_count")
    some = json.dumps(result.get("partial_unexpected_list", [])[:3], default=str)[:100]
    return f"{count} of {total} rows are against it, such as {some}" if count else "it does not hold"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
