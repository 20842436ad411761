"""The thread that does in the background what no call should wait for."""

from __future__ import annotations

import logging
import threading
from typing import Callable, Optional

LOG = logging.getLogger("selfheal")

# After a turn that failed by a fault of our own: not at once again.
REST = 1.0


class Attendant:
    """A daemon thread that takes a turn whenever it is woken, and when the next one is due.

    turn: gives the seconds until the next one; None when there is nothing to wait for.
    """

    def __init__(self, turn: Callable[[], Optional[float]]) -> None:
        self._turn = turn
        self._lock = threading.RLock()
        self._bell = threading.Event()
        self._shift: Optional[_Shift] = None
        self._closed = False

    def wake(self) -> None:
        """Has a turn taken soon; costs next to nothing but for the first time."""
        self.ring()
        self.ensure()

    def ring(self) -> None:
        """Has a turn taken soon, if there is a thread."""
        if not self._bell.is_set():
            self._bell.set()

    def ensure(self) -> None:
        """Starts the thread when there is none: it takes a turn at once.

        To see it run may take milliseconds on a busy machine.
        """
        shift = self._shift
        if (shift is None or not shift.thread.is_alive()) and not self._closed:
            self._start()

    def _start(self) -> None:
        with self._lock:
            if self._closed or (self._shift is not None and self._shift.thread.is_alive()):
                return
            shift = _Shift(self._turn, self._bell)
            try:
                shift.thread.start()
            except RuntimeError as no_thread:
                # The interpreter is ending, or the system has no more threads: calls go on.
                LOG.debug("No thread for reports and heartbeats: %s", no_thread)
                return
            self._shift = shift

    def pause(self, limit: float) -> bool:
        """Ends the thread until it is woken again; waits for it, at most so many seconds."""
        shift = self._shift
        if shift is None or not shift.thread.is_alive():
            return False
        shift.over = True
        self._bell.set()
        if shift.thread is not threading.current_thread():
            shift.thread.join(limit)
        self._shift = None
        return True

    def close(self, limit: float) -> None:
        """Ends it for good."""
        self._closed = True
        self.pause(limit)

    def after_fork(self) -> None:
        """In the child there is no thread, and locks may be held by those of the parent."""
        self._lock = threading.RLock()
        self._bell = threading.Event()
        self._shift = None


class _Shift:
    """One life of the thread."""

    def __init__(self, turn: Callable[[], Optional[float]], bell: threading.Event) -> None:
        self._turn = turn
        self._bell = bell
        self.over = False
        self.thread = threading.Thread(target=self._run, name="selfheal", daemon=True)

    def _run(self) -> None:
        wait: Optional[float] = 0.0
        while not self.over:
            if wait is None or wait > 0:
                self._bell.wait(wait)
            if self.over:
                return
            self._bell.clear()
            wait = self._guarded()

    def _guarded(self) -> Optional[float]:
        try:
            return self._turn()
        except Exception:
            LOG.exception("A turn of selfheal's thread failed; the next one comes")
            return REST
