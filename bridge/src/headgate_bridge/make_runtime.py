"""Makes one locked Python runtime: a venv that holds exactly what its lock file names.

    python make_runtime.py --cache DIR --name airflow --lock airflow.txt --uv-lock uv.txt --venv DIR

Stdlib only, run by any Python 3.10-3.12. Prints one JSON object per line on stdout:
{"step": "...", "message": "..."} while it works, and last {"ready": true, "python": "<path>"}.
Exit status 0 only when the venv is complete.

Safe to run twice at once and safe to kill: a kernel lock (inherited by the installer, so it outlives
this process while the installer still writes) lets one maker in, and a marker written last is the
only sign that a venv is complete. Whatever has no marker is removed and made again.
"""

import argparse
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MARKER = "headgate-runtime.json"

# uv reads none of pip's settings; a site that has told pip where its packages are has told us too.
UV_NAME_OF_PIP_SETTING = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


def main() -> int:
    arguments = parse_arguments()
    cache = Path(arguments.cache)
    venv = Path(arguments.venv)
    with held_lock(cache / "locks" / f"{venv.name}.lock") as lock_fd:
        if not is_complete(venv):
            uv = ensure_uv(cache, Path(arguments.uv_lock))
            make_venv(uv, cache, venv, arguments, lock_fd)
    say({"ready": True, "python": str(venv / "bin" / "python")})
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("cache", "name", "lock", "uv-lock", "venv"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def make_venv(uv: Path, cache: Path, venv: Path, arguments: argparse.Namespace, lock_fd: int) -> None:
    """Builds in place, because venvs cannot be moved; the marker comes last."""
    clear(venv)
    env = uv_environment(cache, uv.parent / "python")
    progress("venv", f"{arguments.name}: making the environment")
    run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, venv], env, lock_fd)
    progress("install", f"{arguments.name}: installing what the lock names")
    python = venv / "bin" / "python"
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, arguments.lock], env, lock_fd)
    write_marker(venv, {"version": 1, "name": arguments.name, "lock": Path(arguments.lock).name})


def ensure_uv(cache: Path, uv_lock: Path) -> Path:
    """The pinned uv in a small venv of its own, installed by pip with hashes."""
    home = cache / "tools" / ("uv-" + re.sub(r"[^0-9.]", "", pinned_version(uv_lock)))
    uv = home / "bin" / "uv"
    with held_lock(cache / "locks" / f"{home.name}.lock") as lock_fd:
        if not is_complete(home):
            clear(home)
            progress("uv", "installing uv")
            env = dict(os.environ)
            run([sys.executable, "-m", "venv", home], env, lock_fd)
            pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            run([*pip, "--require-hashes", "-r", uv_lock], env, lock_fd)
            write_marker(home, {"version": 1, "name": "uv"})
    return uv


def pinned_version(uv_lock: Path) -> str:
    match = re.search(r"^uv==([0-9.]+)", uv_lock.read_text(), re.MULTILINE)
    if match is None:
        raise SystemExit(f"{uv_lock} pins no uv")
    return match.group(1)


def uv_environment(cache: Path, pip_python: Path) -> dict:
    """The environment for uv: its cache beside the venvs (hard links), pip's settings under uv's names."""
    env = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    env["UV_CACHE_DIR"] = str(cache / "uv")
    env["UV_PYTHON_DOWNLOADS"] = "never"
    for setting, value in pip_settings(pip_python).items():
        env.setdefault(UV_NAME_OF_PIP_SETTING[setting], value)
    return env


def pip_settings(pip_python: Path) -> dict:
    listed = subprocess.run(
        [str(pip_python), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found = {}
    for line in listed.splitlines():
        match = re.match(r"^(?:global|install|:env:)\.([a-z-]+)='(.*)'$", line.strip())
        if match and match.group(1) in UV_NAME_OF_PIP_SETTING:
            found[match.group(1)] = " ".join(match.group(2).replace("\\n", " ").split())
    return found


class held_lock:
    """An exclusive kernel lock on a file, released when the last process holding it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> int:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("wait", "another process is preparing this runtime; waiting for it")
            fcntl.flock(self.fd, fcntl.LOCK_EX)
        return self.fd

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)


def run(argv: list, env: dict, lock_fd: int) -> None:
    done = subprocess.run(
        [str(part) for part in argv],
        env=env,
        pass_fds=(lock_fd,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say({"failed": Path(str(argv[0])).name, "status": done.returncode, "output": done.stdout[-4000:]})
        raise SystemExit(1)


def is_complete(venv: Path) -> bool:
    """Its marker is there, and so is the Python it was made from (one may be uninstalled later)."""
    return (venv / MARKER).exists() and (venv / "bin" / "python").exists()


def clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)


def write_marker(folder: Path, content: dict) -> None:
    content = {**content, "python": ".".join(map(str, sys.version_info[:3]))}
    beside = folder / f".{MARKER}.{os.getpid()}"
    beside.write_text(json.dumps(content) + "\n")
    os.replace(beside, folder / MARKER)


def progress(step: str, message: str) -> None:
    say({"step": step, "message": message})


def say(line: dict) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    sys.exit(main())
