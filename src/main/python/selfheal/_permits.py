"""Permits as the agent gives them, and reports as it takes them."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache
from typing import Dict, NamedTuple, Optional, Set, Tuple
from urllib.parse import quote

from ._background import Background
from ._refusal import refusal
from ._wire import Answer, BadAnswer

LOG = logging.getLogger("selfheal")
MOST_TOLD = 1000


class Granted(NamedTuple):
    """Leave for one call."""

    permit: str
    probe: bool


@lru_cache(maxsize=1024)
def _path(service: str) -> str:
    return f"/api/v1/services/{quote(service, safe='')}/permits"


class Permits:
    """Asks for permits, and takes reports on them, which are sent in the background.

    Without an answer that is clear a call is made unguarded: None.
    """

    def __init__(self, background: Background) -> None:
        self._agent = background.agent
        self.report = background.report
        self._told: Set[Tuple[str, str]] = set()
        self._lock = threading.RLock()
        self.unguarded = 0

    def ask(self, service: str, wish: Dict[str, object]) -> Optional[Granted]:
        """Raises PermitRefused."""
        return self._read(service, self._agent.ask("POST", _path(service), wish))

    async def ask_async(self, service: str, wish: Dict[str, object]) -> Optional[Granted]:
        """Raises PermitRefused."""
        return self._read(service, await self._agent.ask_async("POST", _path(service), wish))

    def _read(self, service: str, answer: Optional[Answer]) -> Optional[Granted]:
        granted = None if answer is None else self._meaning(service, answer)
        if granted is None:
            with self._lock:
                self.unguarded += 1
        return granted

    def _meaning(self, service: str, answer: Answer) -> Optional[Granted]:
        if answer.status == 201:
            return self._granted(service, answer)
        refused = refusal(service, answer)
        if refused is not None:
            raise refused
        said = answer.body[:300].decode("utf-8", "replace")
        self.tell(service, f"the agent answers {answer.status}", said)
        return None

    def _granted(self, service: str, answer: Answer) -> Optional[Granted]:
        try:
            said = answer.json()
            return Granted(str(said["permit"]), said.get("probe") is True)
        except (BadAnswer, KeyError, TypeError, AttributeError) as bad:
            self.tell(service, "the agent's permit cannot be read", repr(bad))
            return None

    def tell(self, service: str, problem: str, detail: str) -> None:
        """Once for each service and problem: something is set up wrongly."""
        if (service, problem) in self._told or len(self._told) >= MOST_TOLD:
            return
        self._told.add((service, problem))
        LOG.warning("Service %s: %s, which is told once: %s", service, problem, detail)

    def after_fork(self) -> None:
        """In the child, which has made no calls."""
        self._lock = threading.RLock()
        self.unguarded = 0
