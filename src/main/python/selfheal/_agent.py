"""The agent as its clients see it: asked within a limit, and away when it does not answer."""

from __future__ import annotations

import os
import time
from typing import List, Optional

from . import _address, _wire
from ._async_line import AsyncLines
from ._attendant import Attendant
from ._line import Lines
from ._presence import Presence
from ._wire import Answer, BadAnswer

FAILURES = (OSError, BadAnswer)


class Agent:
    """Asks and never raises for what the agent does: no answer is None.

    limit: seconds that one request may take, connecting included.
    attendant: whose turns look whether an agent that is away is back.
    """

    def __init__(self, socket: Optional[str], limit: float, attendant: Attendant) -> None:
        self._places: List[str] = [socket] if socket else _address.sockets(os.environ)
        self._limit = limit
        self._attendant = attendant
        self._token: Optional[str] = None
        self._lines = Lines()
        self._async_lines = AsyncLines()
        self.presence = Presence()

    @property
    def exists(self) -> bool:
        """Whether there is a place to look for it; false after SELFHEAL_SOCKET=off."""
        return bool(self._places)

    def ask(
        self, method: str, path: str, body: Optional[object] = None, limit: Optional[float] = None
    ) -> Optional[Answer]:
        """An answer of any status; None when the agent is away, or was just found to be."""
        if self.presence.away or not self._places:
            self._look_out()
            return None
        return self._try(method, path, body, limit or self._limit)

    def probe(self) -> bool:
        """Looks whether an agent that was away answers again, as fast as calls need it."""
        if self._try("GET", "/health/live", None, self._limit) is None:
            return False
        self.presence.found()
        return True

    def _try(
        self, method: str, path: str, body: Optional[object], limit: float
    ) -> Optional[Answer]:
        deadline = time.monotonic() + limit
        try:
            request = _wire.request(method, path, body, self._token)
            answer = self._lines.exchange(self._places, request, deadline)
            if answer.status == 401 and self._learn_token():
                request = _wire.request(method, path, body, self._token)
                answer = self._lines.exchange(self._places, request, deadline)
            return answer
        except FAILURES as failure:
            self._lost(failure)
            return None

    async def ask_async(
        self, method: str, path: str, body: Optional[object] = None
    ) -> Optional[Answer]:
        """The same for asyncio: it never blocks the loop."""
        if self.presence.away or not self._places:
            self._look_out()
            return None
        try:
            request = _wire.request(method, path, body, self._token)
            answer = await self._async_lines.exchange(self._places, request, self._limit)
            if answer.status == 401 and self._learn_token():
                request = _wire.request(method, path, body, self._token)
                answer = await self._async_lines.exchange(self._places, request, self._limit)
            return answer
        except FAILURES as failure:
            self._lost(failure)
            return None

    def _look_out(self) -> None:
        if self._places:
            self._attendant.ensure()

    def _lost(self, failure: Exception) -> None:
        """This call has waited enough: a thread, if there is none, is started by the next one."""
        self.presence.lost(failure)
        self._attendant.ring()

    def _learn_token(self) -> bool:
        """It is read only when an agent wants it; true when there is another one to show."""
        for place in self._places:
            token = _address.token(place, os.environ)
            if token is not None and token != self._token:
                self._token = token
                return True
        return False

    def close(self) -> None:
        """Ends the idle connections."""
        self._lines.close()
        self._async_lines.close()

    def after_fork(self) -> None:
        """In the child: the connections are the parent's."""
        self.close()
        self.presence.after_fork()
