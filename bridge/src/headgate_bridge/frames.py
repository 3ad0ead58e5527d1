"""Frames: a 4-byte big-endian length, then that many bytes of UTF-8 JSON."""

import json
import struct
from typing import Any, BinaryIO

# A frame longer than this is a broken peer, not a message.
MAX_FRAME_BYTES = 256 * 1024 * 1024


class BadFrame(Exception):
    """The peer does not speak the protocol. Nothing that follows can be trusted."""


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message, or None when the peer has closed. Raises BadFrame."""
    head = read_exactly(stream, 4)
    if head is None:
        return None
    (length,) = struct.unpack(">I", head)
    if length > MAX_FRAME_BYTES:
        raise BadFrame(f"a frame of {length} bytes")
    body = read_exactly(stream, length)
    if body is None:
        raise BadFrame("the stream ended inside a frame")
    try:
        message = json.loads(body)
    except ValueError as error:
        raise BadFrame(f"not JSON: {error}") from error
    if not isinstance(message, dict):
        raise BadFrame("not a JSON object")
    return message


def read_exactly(stream: BinaryIO, length: int) -> bytes | None:
    """`length` bytes; None when the stream ended before the first one. Raises BadFrame in the middle."""
    parts: list[bytes] = []
    missing = length
    while missing > 0:
        part = stream.read(missing)
        if not part:
            if missing == length:
                return None
            raise BadFrame("the stream ended inside a frame")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def encode_frame(message: dict[str, Any]) -> bytes:
    """Lone surrogates (file names that are not UTF-8) become `?`: the other side reads strict UTF-8."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
    return struct.pack(">I", len(body)) + body
