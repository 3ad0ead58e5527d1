"""Resolves Maven coordinates as Spark does: through its own Ivy, cache and repositories as this machine has them set.

    python -I resolve_jars.py group:artifact:version...

Run by the Python of the Spark runtime. Last line of stdout: {"jars": [{"coordinate", "file"}]}, dependencies included.
Exit status 0 only when all were found; else Ivy's report is on stderr.
"""

import json
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

# Where Linux distributions keep the certificates that Java is to trust. The Java in the runtime knows only its own,
# and so would not trust a company's registry.
TRUST_STORES = ("/etc/ssl/certs/java/cacerts", "/etc/pki/java/cacerts")


def main() -> int:
    from pyspark import SparkConf
    from pyspark.java_gateway import launch_gateway

    trust_what_the_machine_trusts()
    # spark-submit resolves the packages before the gateway answers; no session is needed. Spark's own defaults count.
    conf = SparkConf(loadDefaults=False).set("spark.jars.packages", ",".join(sys.argv[1:]))
    gateway = launch_gateway(conf=conf)
    try:
        listed = gateway.jvm.java.lang.System.getProperty("spark.jars") or ""
    finally:
        gateway.shutdown()
    files = sorted(Path(unquote(urlparse(entry).path)) for entry in listed.split(",") if entry)
    print(json.dumps({"jars": [{"coordinate": coordinate_of(file), "file": str(file)} for file in files]}))
    return 0


def trust_what_the_machine_trusts() -> None:
    options = os.environ.get("SPARK_SUBMIT_OPTS", "") + os.environ.get("JAVA_TOOL_OPTIONS", "")
    store = next((path for path in TRUST_STORES if Path(path).exists()), None)
    if store is not None and "javax.net.ssl.trustStore" not in options:
        os.environ["SPARK_SUBMIT_OPTS"] = (
            f"{os.environ.get('SPARK_SUBMIT_OPTS', '')} -Djavax.net.ssl.trustStore={store}"
        )


def coordinate_of(jar: Path) -> str:
    """Spark names the file <group>_<artifact>-<version>.jar and keeps cache/<group>/<artifact> beside its folder."""
    for group in longest_first(jar.parent.parent / "cache", jar.stem, "_"):
        rest = jar.stem[len(group) + 1 :]
        for artifact in longest_first(jar.parent.parent / "cache" / group, rest, "-"):
            return f"{group}:{artifact}:{rest[len(artifact) + 1 :]}"
    return jar.stem


def longest_first(folder: Path, text: str, separator: str) -> list:
    names = os.listdir(folder) if folder.is_dir() else []
    return sorted((name for name in names if text.startswith(name + separator)), key=len, reverse=True)


if __name__ == "__main__":
    sys.exit(main())
