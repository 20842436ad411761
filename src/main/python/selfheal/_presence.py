"""Whether the agent is there: after one failure no call waits for it until it is back."""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import Callable

FIRST_DELAY = 0.05
LONGEST_DELAY = 2.0

LOG = logging.getLogger("selfheal")


class Presence:
    """There, or away since a failure. While it is away, somebody tries again in the background.

    now: a clock of seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._tries = 0
        self.away = False
        self.next_try = 0.0

    def lost(self, why: BaseException) -> None:
        """A call failed, or a try did. Each try in vain makes the next one later, up to 2 s."""
        with self._lock:
            if self.away and self._now() < self.next_try:
                return  # others were under way when the first one failed
            first = not self.away
            self._tries = 0 if first else self._tries + 1
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(self._tries, 10))
            self.next_try = self._now() + delay * random.uniform(0.8, 1.2)
            self.away = True
        if first:
            LOG.info("The agent is away, calls go on unguarded: %s", why)

    def found(self) -> None:
        """A try succeeded."""
        with self._lock:
            was_away = self.away
            self.away = False
        if was_away:
            LOG.info("The agent is back")

    def wait(self) -> float:
        """Seconds until the next try."""
        return max(0.0, self.next_try - self._now())

    def after_fork(self) -> None:
        """In the child: the lock may be held by a thread that is not there."""
        self._lock = threading.Lock()
