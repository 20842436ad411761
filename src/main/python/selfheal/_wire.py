"""HTTP/1.1 by hand: as much as the agent speaks, and nothing that waits.

The standard library's client takes five times as long for a request over a Unix socket.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple, Optional

LARGEST_HEAD = 16 << 10
LARGEST_BODY = 4 << 20


class BadAnswer(Exception):
    """What came is no answer of an agent."""


def request(method: str, path: str, body: Optional[object], token: Optional[str]) -> bytes:
    """The bytes of a request. Raises ValueError for what JSON cannot say, such as NaN."""
    content = b"" if body is None else encode(body)
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(content)}\r\n"
    if content:
        head += "Content-Type: application/json\r\n"
    if token is not None:
        head += f"Authorization: Bearer {token}\r\n"
    return (head + "\r\n").encode("latin-1") + content


def encode(body: object) -> bytes:
    """JSON in UTF-8; half a character (a lone surrogate), which that cannot say, as "?"."""
    text = json.dumps(body, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return text.encode("utf-8", "replace")


class Answer(NamedTuple):
    """An answer of the agent."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> Optional[str]:
        """A header, whatever the case of its name; None when it is not there."""
        wanted = name.lower().encode("ascii")
        for line in self.head.split(b"\r\n")[1:]:
            key, colon, value = line.partition(b":")
            if colon and key.strip().lower() == wanted:
                return value.strip().decode("latin-1")
        return None

    def json(self) -> Any:
        """The body. Raises BadAnswer when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as bad:
            raise BadAnswer(f"its body is not JSON: {bad}") from bad

    @property
    def keeps(self) -> bool:
        """Whether the connection may be used again."""
        return (self.header("Connection") or "").lower() != "close"


class Reader:
    """Takes the bytes of one answer as they come."""

    def __init__(self) -> None:
        self._data = b""
        self._length = -1
        self._body = 0
        self._status = 0

    @property
    def started(self) -> bool:
        """Whether any byte came."""
        return bool(self._data)

    def feed(self, data: bytes) -> Optional[Answer]:
        """Takes more; gives the answer when it is whole."""
        self._data += data
        if self._length < 0 and not self._read_head():
            return None
        missing = self._body + self._length - len(self._data)
        if missing > 0:
            return None
        if missing < 0:
            raise BadAnswer("more came than its Content-Length says")
        return Answer(self._status, self._data[: self._body - 4], self._data[self._body :])

    def _read_head(self) -> bool:
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            if len(self._data) > LARGEST_HEAD or not b"HTTP/1.1 ".startswith(self._data[:9]):
                raise BadAnswer("it does not speak HTTP/1.1")
            return False
        self._status = _status(self._data)
        self._body = end + 4
        self._length = _length(self._status, self._data[:end])
        return True


def _status(data: bytes) -> int:
    digits = data[9:12]
    if not data.startswith(b"HTTP/1.1 ") or not digits.isdigit() or data[12:13] not in b" \r":
        raise BadAnswer("it does not speak HTTP/1.1")
    status = int(digits)
    if status < 200 or status > 599:
        raise BadAnswer(f"it answers {status}")
    return status


def _length(status: int, head: bytes) -> int:
    if status == 204 or status == 304:
        return 0
    text = Answer(status, head, b"").header("Content-Length")
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadAnswer(f"its Content-Length is {text}")
    length = int(text)
    if length > LARGEST_BODY:
        raise BadAnswer(f"its answer has {length} bytes")
    return length
