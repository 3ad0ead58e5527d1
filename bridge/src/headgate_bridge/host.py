"""The process that the TypeScript side talks to: one request at a time, answered in order."""

import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from . import PROTOCOL
from .frames import BadFrame, encode_frame, read_frame
from .hello import hello

Emit = Callable[[str, dict[str, Any]], None]


class Refused(Exception):
    """A request that cannot be done: answered with its code, and the process goes on."""

    def __init__(self, code: str, message: str, detail: object = None) -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail


def airflow_parse(params: dict[str, Any], emit: Emit) -> dict[str, Any]:
    from .dags.parse_files import parse_files

    return parse_files(params, emit)


def airflow_list(params: dict[str, Any], _: Emit) -> dict[str, Any]:
    from .dags.request import Request
    from .dags.warm import warm_airflow

    return {"files": Request({**params, "files": None}, warm_airflow()).files}


def dbt_parse(params: dict[str, Any], _: Emit) -> dict[str, Any]:
    from .dbt_project.forked import in_fork
    from .dbt_project.parse import parse

    return in_fork(parse, params)


def dbt_compile(params: dict[str, Any], _: Emit) -> dict[str, Any]:
    from .dbt_project.compile import compile_models
    from .dbt_project.forked import in_fork

    return in_fork(compile_models, params)


def dbt_rehearse(params: dict[str, Any], _: Emit) -> dict[str, Any]:
    from .dbt_project.forked import in_fork
    from .dbt_project.rehearse import rehearse

    return in_fork(rehearse, params)


METHODS: dict[str, Callable[[dict[str, Any], Emit], dict[str, Any]]] = {
    "hello": lambda _params, _emit: hello(),
    "airflow.list": airflow_list,
    "airflow.parse": airflow_parse,
    "dbt.parse": dbt_parse,
    "dbt.compile": dbt_compile,
    "dbt.rehearse": dbt_rehearse,
}


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the peer closes. A broken frame ends it: there is no way to find the next one."""

    def send(message: dict[str, Any]) -> None:
        answers.write(encode_frame(message))
        answers.flush()

    while True:
        try:
            request = read_frame(requests)
        except BadFrame as error:
            send({"v": PROTOCOL, "id": None, "ok": False, "error": refusal("bad-frame", str(error))})
            return
        if request is None:
            return
        send(answer(request, send))


def answer(request: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    request_id = request.get("id")

    def emit(event: str, content: dict[str, Any]) -> None:
        send({"v": PROTOCOL, "id": request_id, "event": event, "data": content})

    try:
        result = method_of(request)(request.get("params") or {}, emit)
    except Refused as error:
        return failed(request_id, refusal(error.code, str(error), error.detail))
    except Exception as error:
        return failed(request_id, refusal("internal", f"{type(error).__name__}: {error}", traceback.format_exc()))
    return {"v": PROTOCOL, "id": request_id, "ok": True, "result": result}


def method_of(request: dict[str, Any]) -> Callable[[dict[str, Any], Emit], dict[str, Any]]:
    if request.get("v") != PROTOCOL:
        raise Refused("version", f"this bridge speaks protocol {PROTOCOL}, the request says {request.get('v')!r}")
    method = METHODS.get(str(request.get("method")))
    if method is None:
        raise Refused("unknown-method", f"no method {request.get('method')!r}", sorted(METHODS))
    return method


def refusal(code: str, message: str, detail: object = None) -> dict[str, Any]:
    return {"code": code, "message": message, "detail": detail}


def failed(request_id: object, error: dict[str, Any]) -> dict[str, Any]:
    return {"v": PROTOCOL, "id": request_id, "ok": False, "error": error}
