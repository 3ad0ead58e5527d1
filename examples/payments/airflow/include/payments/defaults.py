"""What every DAG of this repository starts from."""

from __future__ import annotations

from datetime import timedelta

import pendulum

START = pendulum.datetime(2025, 1, 1, tz="UTC")

# The first line of a Bash task on the main path: the log then names the release.
SAY_RELEASE = 'echo "HEADGATE_RELEASE=${HEADGATE_RELEASE:-none}"'


def default_args(owner: str, retries: int = 1) -> dict:
    from payments.alerts import tell_owner

    return {
        "owner": owner,
        "retries": retries,
        "retry_delay": timedelta(seconds=20),
        "on_failure_callback": tell_owner,
    }
