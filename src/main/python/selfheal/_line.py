"""Connections to the agent that wait, for threads."""

from __future__ import annotations

import socket
import time
from collections import deque
from typing import Deque, Optional, Sequence

from ._wire import Answer, Reader

MOST_IDLE = 16
CHUNK = 64 << 10


class Stale(OSError):
    """The connection was idle and is closed; nothing of an answer came."""


class Line:
    """One connection. Used by one thread at a time."""

    def __init__(self, places: Sequence[str], deadline: float) -> None:
        self.place, self._socket = _connect(places, deadline)
        self._used = False

    def exchange(self, request: bytes, deadline: float) -> Answer:
        """One request and its answer, by a time of time.monotonic().

        Raises OSError or BadAnswer; the connection is of no use then. Stale when asking again on a
        new one is right.
        """
        reader = Reader()
        try:
            self._socket.settimeout(_left(deadline))
            self._socket.sendall(request)
            while True:
                data = self._socket.recv(CHUNK)
                if not data:
                    raise ConnectionResetError("it closed the connection instead of an answer")
                answer = reader.feed(data)
                if answer is not None:
                    self._used = True
                    return answer
                self._socket.settimeout(_left(deadline))
        except (ConnectionResetError, BrokenPipeError) as closed:
            if self._used and not reader.started:
                raise Stale("it closed the connection while it was idle") from closed
            raise

    def close(self) -> None:
        """Ends it."""
        self._socket.close()


class Lines:
    """Connections that wait to be used again."""

    def __init__(self) -> None:
        self._idle: Deque[Line] = deque()

    def exchange(self, places: Sequence[str], request: bytes, deadline: float) -> Answer:
        """On an idle connection, or on a new one. Raises OSError or BadAnswer."""
        idle = self._take()
        if idle is not None:
            try:
                return self._on(idle, request, deadline)
            except Stale:
                # All that waited are as old, or older: the agent was started anew.
                self.close()
        return self._on(Line(places, deadline), request, deadline)

    def _on(self, line: Line, request: bytes, deadline: float) -> Answer:
        try:
            answer = line.exchange(request, deadline)
        except BaseException:
            line.close()
            raise
        if answer.keeps and len(self._idle) < MOST_IDLE:
            self._idle.append(line)
        else:
            line.close()
        return answer

    def _take(self) -> Optional[Line]:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def close(self) -> None:
        """Ends all that are idle."""
        line = self._take()
        while line is not None:
            line.close()
            line = self._take()


def _connect(places: Sequence[str], deadline: float) -> "tuple[str, socket.socket]":
    problem: OSError = FileNotFoundError("no socket of an agent is named")
    for place in places:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(deadline))
            connection.connect(place)
            return place, connection
        except OSError as failure:
            connection.close()
            problem = failure
        except BaseException:
            connection.close()
            raise
    raise problem


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it does not answer in time")
    return left
