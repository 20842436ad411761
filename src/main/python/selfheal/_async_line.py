"""Connections to the agent for asyncio: each belongs to its event loop."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import Deque, Dict, Optional, Sequence

from ._line import CHUNK, MOST_IDLE, Stale
from ._wire import Answer, Reader

Idle = Deque["AsyncLine"]


class AsyncLine:
    """One connection, with one request at a time.

    It has its socket for itself, and no transport: when a loop is closed, its connections can be
    closed without it.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._used = False
        self._late = False

    async def exchange(self, request: bytes, deadline: float) -> Answer:
        """One request and its answer, by a time of the loop. Raises as Line.exchange does."""
        loop = asyncio.get_running_loop()
        # A timeout of asyncio's own costs a task. This one wakes the reading by an end of file.
        timer = loop.call_at(deadline, self._give_up)
        reader = Reader()
        try:
            await loop.sock_sendall(self._socket, request)
            return await self._answer(loop, reader)
        except (ConnectionResetError, BrokenPipeError) as closed:
            if self._late:
                raise TimeoutError("it does not answer in time") from None
            if self._used and not reader.started:
                raise Stale("it closed the connection while it was idle") from closed
            raise
        finally:
            timer.cancel()

    async def _answer(self, loop: asyncio.AbstractEventLoop, reader: Reader) -> Answer:
        while True:
            data = await loop.sock_recv(self._socket, CHUNK)
            if not data:
                raise ConnectionResetError("it closed the connection instead of an answer")
            answer = reader.feed(data)
            if answer is not None:
                self._used = True
                return answer

    def _give_up(self) -> None:
        self._late = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed already

    def close(self) -> None:
        """Ends it."""
        self._socket.close()


class AsyncLines:
    """The connections of every loop that wait to be used again."""

    def __init__(self) -> None:
        self._idle: Dict[asyncio.AbstractEventLoop, Idle] = {}

    async def exchange(self, places: Sequence[str], request: bytes, limit: float) -> Answer:
        """On an idle connection, or on a new one. Raises OSError or BadAnswer.

        limit: in seconds, for all of it.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        idle = self._of(loop)
        if idle:
            try:
                return await self._on(idle.pop(), idle, request, deadline)
            except Stale:
                # All that waited are as old, or older: the agent was started anew.
                _close_all(idle)
        return await self._on(_connect(places), idle, request, deadline)

    def _of(self, loop: asyncio.AbstractEventLoop) -> Idle:
        idle = self._idle.get(loop)
        if idle is None:
            for other in [one for one in list(self._idle) if one.is_closed()]:
                _close_all(self._idle.pop(other, deque()))
            idle = self._idle[loop] = deque()
        return idle

    async def _on(self, line: AsyncLine, idle: Idle, request: bytes, deadline: float) -> Answer:
        try:
            answer = await line.exchange(request, deadline)
        except BaseException:
            line.close()
            raise
        if answer.keeps and len(idle) < MOST_IDLE:
            idle.append(line)
        else:
            line.close()
        return answer

    def close(self) -> None:
        """Ends all that are idle, whatever their loop does."""
        for loop in list(self._idle):
            _close_all(self._idle.pop(loop, deque()))


def _close_all(idle: Idle) -> None:
    while idle:
        idle.pop().close()


def _connect(places: Sequence[str]) -> AsyncLine:
    """A Unix socket is connected at once or not at all: a full queue answers EAGAIN."""
    problem: Optional[OSError] = None
    for place in places:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(place)
            return AsyncLine(connection)
        except OSError as failure:
            connection.close()
            problem = failure
    raise problem or FileNotFoundError("no socket of an agent is named")
