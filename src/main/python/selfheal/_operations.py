"""Operations of a worker: how long they take, and what was under way when an error came."""

from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple, Type

from ._errors import Place

MOST_NAMES = 1000
OTHERS = "(others)"

Tell = Callable[[BaseException, Place], None]

# Of this thread or this asyncio task, the outermost first.
_OPEN: "ContextVar[Tuple[Operation, ...]]" = ContextVar("selfheal_operations", default=())


class Timing(NamedTuple):
    """How an operation went so far in this process. Durations in seconds."""

    calls: int = 0
    failed: int = 0
    total: float = 0.0
    longest: float = 0.0
    last: float = 0.0


class Timings:
    """By the names of operations, at most 1,000; further ones are counted together."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._all: Dict[str, Timing] = {}

    def add(self, name: str, seconds: float, failed: bool) -> None:
        """Counts one."""
        with self._lock:
            if name not in self._all and len(self._all) >= MOST_NAMES:
                name = OTHERS
            old = self._all.get(name, Timing())
            self._all[name] = Timing(
                old.calls + 1,
                old.failed + failed,
                old.total + seconds,
                max(old.longest, seconds),
                seconds,
            )

    def all(self) -> Dict[str, Timing]:
        """A copy."""
        with self._lock:
            return dict(self._all)

    def after_fork(self) -> None:
        """In the child nothing was done yet."""
        self._lock = threading.RLock()
        self._all = {}


class Operation:
    """One operation, for `with` or `async with`. An error that leaves it is reported, and goes on.

    context: may be added to inside the block.
    """

    def __init__(self, place: Place, timings: Timings, tell: Tell) -> None:
        self.name = str(place.operation)
        self.context: Dict[str, Any] = dict(place.context)
        self._place = place
        self._timings = timings
        self._tell = tell
        self._started = 0.0
        self._outer: Tuple[Operation, ...] = ()

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._started

    def __enter__(self) -> "Operation":
        self._outer = _OPEN.get()
        _OPEN.set((*self._outer, self))
        self._started = time.perf_counter()
        return self

    async def __aenter__(self) -> "Operation":
        return self.__enter__()

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._timings.add(self.name, self.elapsed, error is not None)
        if isinstance(error, Exception):
            self._tell(error, self._place._replace(context=self.context))
        # Not by its token: an asynchronous generator may be closed in another context.
        _OPEN.set(self._outer)

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.__exit__(kind, error, trace)


def way() -> str:
    """What is under way here, the outermost first, each with its time so far."""
    return " > ".join(f"{one.name[:200]} ({one.elapsed:.3f} s)" for one in _OPEN.get()[-10:])
