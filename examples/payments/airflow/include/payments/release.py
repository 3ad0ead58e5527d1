"""Says in the task's log which release is running, so that a run can be followed back to what was delivered."""

import os


def announce() -> str:
    release = os.environ.get("HEADGATE_RELEASE", "none")
    print(f"HEADGATE_RELEASE={release}")
    return release
