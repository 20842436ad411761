"""A worker's side of the agent: everything that it says, and the thread that says it."""

from __future__ import annotations

import atexit
import logging
import os
from contextlib import contextmanager
from contextvars import ContextVar
from typing import (
    Any,
    Awaitable,
    Callable,
    Dict,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    TypeVar,
    Union,
)

from . import _forks
from ._background import Background
from ._call import Call, CostOf
from ._errors import Place, first_telling, report
from ._operations import Operation, Timing, Timings, way
from ._permits import Permits
from ._protect import handling, protect, protect_async

T = TypeVar("T")
F = TypeVar("F")
Function = TypeVar("Function", bound=Callable[..., Any])

LOG = logging.getLogger("selfheal")

# Of this thread or this asyncio task.
_JOB: "ContextVar[Optional[str]]" = ContextVar("selfheal_job", default=None)

# Less than the 50 ms that are promised: to be woken takes time, too.
CALL_LIMIT = 0.04
END_LIMIT = 1.0


class Stats(NamedTuple):
    """What became of what was said. guarded by no permit: calls made while the agent was away."""

    heartbeats: int
    unguarded_calls: int
    reports_sent: int
    reports_dropped: int
    reports_waiting: int
    errors_sent: int
    errors_dropped: int
    errors_waiting: int


class Client:
    """Speaks to one agent. Safe for threads, forks and asyncio; the module has one of its own.

    socket: the path of the agent's Unix socket; default: see SELFHEAL_SOCKET in the README.
    limit: seconds that a call may wait for its permit, at most.
    most_reports, most_errors: how many wait to be sent before the oldest give way.
    """

    def __init__(
        self,
        *,
        socket: Optional[str] = None,
        limit: float = CALL_LIMIT,
        most_reports: int = 10_000,
        most_errors: int = 1_000,
    ) -> None:
        self._background = Background(socket, limit, most_reports, most_errors)
        self._heart = self._background.heart
        self._permits = Permits(self._background)
        self._timings = Timings()
        _forks.watch(self)
        atexit.register(self.close)

    # --- Signs of life ---

    def start(self, worker: Optional[str] = None, *, within: Optional[float] = None) -> None:
        """Sends heartbeats from now on, in the background.

        worker: its name in the agent's configuration; default: SELFHEAL_WORKER, which the agent
        sets for workers that it runs. within: the thread of the background would beat on for a
        worker that hangs; with so many seconds, heartbeats stop when the worker itself has not
        called alive(), progress(), or begun or ended a job for so long.

        Raises ValueError without a name, or for what is none.
        """
        name = worker if worker is not None else os.environ.get("SELFHEAL_WORKER")
        if not name:
            raise ValueError("which worker is this? Say start(\"images\"), or set SELFHEAL_WORKER")
        self._heart.start(name, within)
        self._background.wake()

    def alive(self) -> None:
        """The worker itself goes on; see start(within=...)."""
        self._heart.show()

    def progress(self, text: object) -> None:
        """How far the worker is, in words; told with the next heartbeat. None: nothing to say."""
        self._heart.progress(text)

    @contextmanager
    def job(self, job: object) -> Iterator[None]:
        """The worker works on a job; told with the next heartbeat, and with errors inside."""
        name = str(job)
        outer = _JOB.get()
        _JOB.set(name)
        self._heart.begin(name)
        try:
            yield
        finally:
            self._heart.end(name)
            _JOB.set(outer)

    def draining(self) -> bool:
        """Whether the agent asks the worker to take no more jobs."""
        return self._heart.draining

    # --- Calls of services ---

    def service(
        self,
        name: str,
        *,
        cost: Optional[float] = None,
        tokens: Optional[int] = None,
        retry: bool = False,
        cost_of: Optional[CostOf] = None,
    ) -> Call:
        """One call of a service: `with service("openai") as call:`, or a decorator.

        cost: what it may cost at most, reserved from the budget. tokens: how much of the second
        unit it takes. retry: it is tried again after a failure, and needs the retry budget.
        cost_of: for a decorator: gives the cost of what the function returned.
        """
        return Call(self._permits, name, cost, tokens, retry, cost_of)

    def protect_external_call(
        self,
        service: str,
        func: Callable[[], T],
        *,
        fallback: Optional[Callable[[Exception], F]] = None,
        cost: Optional[float] = None,
        tokens: Optional[int] = None,
    ) -> Union[T, F]:
        """Calls func under the guard of a service.

        fallback: is called with the reason when the call was refused, or failed in a way that
        another try or another service may not (transient, resource); other errors are raised.
        """
        return protect(self.service(service, cost=cost, tokens=tokens), func, fallback)

    async def protect_external_call_async(
        self,
        service: str,
        func: Callable[[], Awaitable[T]],
        *,
        fallback: Optional[Callable[[Exception], Awaitable[F]]] = None,
        cost: Optional[float] = None,
        tokens: Optional[int] = None,
    ) -> Union[T, F]:
        """The same for asyncio."""
        call = self.service(service, cost=cost, tokens=tokens)
        return await protect_async(call, func, fallback)

    # --- Errors and operations ---

    def operation(
        self,
        name: str,
        *,
        component: Optional[str] = None,
        job: Optional[str] = None,
        context: Optional[Mapping[str, Any]] = None,
    ) -> Operation:
        """Times a block, and reports an error that leaves it: `with operation("resize"):`."""
        place = Place(component, name, job, context or {})
        return Operation(place, self._timings, self._tell)

    def with_error_handling(
        self,
        operation: Optional[str] = None,
        *,
        component: Optional[str] = None,
        job: Optional[str] = None,
        context: Optional[Mapping[str, Any]] = None,
    ) -> Callable[[Function], Function]:
        """Makes each call of a function an operation, named like it when nobody says."""

        if callable(operation):
            raise TypeError("write @with_error_handling(), with parentheses")

        def make(name: str) -> Operation:
            return self.operation(name, component=component, job=job, context=context)

        return lambda function: handling(make, function, operation)

    def report_error(
        self,
        error: BaseException,
        *,
        component: Optional[str] = None,
        operation: Optional[str] = None,
        job: Optional[str] = None,
        context: Optional[Mapping[str, Any]] = None,
        fingerprint: Optional[str] = None,
    ) -> None:
        """Reports an error that was caught, with its traceback; sent in the background.

        component: a part of the worker, of few different values. fingerprint: what makes two
        errors the same. job: default: the one of job(...) around it. No secrets into the context.
        """
        self._tell(error, Place(component, operation, job, context or {}, fingerprint))

    def _tell(self, error: BaseException, place: Place) -> None:
        try:
            if first_telling(error):
                place = place if place.job is not None else place._replace(job=_JOB.get())
                self._background.tell_error(report(error, place, self._heart.worker, way()))
        except Exception:
            # It runs while an error of the worker is on its way, and must not take its place.
            LOG.exception("An error of the worker could not be reported")

    def timings(self) -> Dict[str, Timing]:
        """How the operations of this process went, by name."""
        return self._timings.all()

    # --- The background ---

    def flush(self, limit: float = END_LIMIT) -> bool:
        """Sends now what waits, for at most so many seconds; whether nothing waits any more."""
        return self._background.flush(limit)

    def close(self, limit: float = END_LIMIT) -> None:
        """Sends what waits, for at most so many seconds, and ends; what is left is counted lost."""
        self._background.close(limit)
        atexit.unregister(self.close)

    def stats(self) -> Stats:
        """What became of what was said, in this process."""
        reports, errors = self._background.reports, self._background.errors
        return Stats(
            self._heart.beats,
            self._permits.unguarded,
            reports.sent,
            reports.dropped,
            len(reports),
            errors.sent,
            errors.dropped,
            len(errors),
        )

    def pause(self, limit: float) -> bool:
        """Before a fork; whether there was a thread to end."""
        return self._background.pause(limit)

    def wake(self) -> None:
        """After a fork, in the parent."""
        self._background.wake()

    def after_fork(self) -> None:
        """In the child, which is a process of the same worker."""
        self._timings.after_fork()
        self._permits.after_fork()
        self._background.after_fork()
