"""Which runtime this is and what it holds."""

import sys
from importlib import metadata
from typing import Any

from . import PROTOCOL

# The distribution that makes an environment one of our runtimes.
RUNTIME_OF_DISTRIBUTION = {"apache-airflow": "airflow", "dbt-core": "dbt", "pyspark": "spark"}


def hello() -> dict[str, Any]:
    packages = {dist.name.lower().replace("_", "-"): dist.version for dist in metadata.distributions() if dist.name}
    runtime = next((name for dist, name in RUNTIME_OF_DISTRIBUTION.items() if dist in packages), "none")
    python = ".".join(map(str, sys.version_info[:3]))
    return {"protocol": PROTOCOL, "python": python, "runtime": runtime, "packages": dict(sorted(packages.items()))}
