"""One call of a service: asks before, reports after."""

from __future__ import annotations

import functools
import inspect
import time
from types import TracebackType
from typing import Any, Callable, Dict, Optional, Type, TypeVar, Union, cast

from ._failure import called, described
from ._permits import Granted, Permits
from ._plain import amount
from ._refusal import PermitRefused

Function = TypeVar("Function", bound=Callable[..., Any])
CostOf = Callable[[Any], Any]


class Call:
    """One call of a service, for `with`, `async with`, or as a decorator.

    Entering raises PermitRefused when the call must not be made. While the agent is away the call
    is made unguarded. Leaving reports how it went: an exception of the block is a failure; one that
    ends the program or cancels the task says nothing of the service.

    cost: set it in the block to what the call cost, in the currency of the service's budget. Left
    alone it is what was asked for.
    """

    def __init__(
        self,
        permits: Permits,
        service: str,
        cost: Optional[float],
        tokens: Optional[int],
        retry: bool,
        cost_of: Optional[CostOf],
    ) -> None:
        self.service = service
        self.cost: Any = None
        self._permits = permits
        self._asked = (cost, tokens, retry)
        self._cost_of = cost_of
        self._granted: Optional[Granted] = None
        self._started = 0.0
        self._open = False
        self._outcome: Optional[str] = None
        self._error: Optional[Dict[str, object]] = None

    @property
    def guarded(self) -> bool:
        """Whether the agent gave a permit; false while it is away."""
        return self._granted is not None

    @property
    def probe(self) -> bool:
        """Whether it is one of the few calls by which the agent looks if the service is back."""
        return self._granted is not None and self._granted.probe

    def failed(
        self, error: Union[BaseException, int, str], retry_after: Optional[float] = None
    ) -> None:
        """It failed without an exception: gives one not raised, an HTTP status, or a message.

        retry_after: seconds for which the service asked to be left alone.
        """
        self._outcome = "failure"
        self._error = described(error, retry_after)

    def ignore(self) -> None:
        """It was not made after all, or its end says nothing of the service."""
        self._outcome = "ignored"
        self._error = None

    def __enter__(self) -> "Call":
        self._once()
        self._begin(self._permits.ask(self.service, self._wish()))
        return self

    async def __aenter__(self) -> "Call":
        self._once()
        self._begin(await self._permits.ask_async(self.service, self._wish()))
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._end(error)

    async def __aexit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._end(error)

    def _once(self) -> None:
        if self._open:
            raise RuntimeError("service(...) stands for one call: write it in each with statement")
        self._open = True

    def _wish(self) -> Dict[str, object]:
        cost, tokens, retry = self._asked
        wish: Dict[str, object] = {}
        if cost is not None:
            self._add(wish, "cost", cost)
        if tokens is not None:
            self._add(wish, "tokens", tokens)
        if retry:
            wish["retry"] = True
        return wish

    def _add(self, body: Dict[str, object], key: str, value: object) -> None:
        """What is no amount is left out, and told: it must not keep the worker from its call."""
        number = amount(value)
        if number is None:
            self._permits.tell(self.service, f"{key} is not 0 to 1e9", repr(value)[:100])
        else:
            body[key] = int(number) if key == "tokens" else number

    def _begin(self, granted: Optional[Granted]) -> None:
        self._granted = granted
        self._started = time.perf_counter()

    def _end(self, error: Optional[BaseException]) -> None:
        elapsed = time.perf_counter() - self._started
        if self._granted is None:
            return
        if error is not None and self._outcome is None:
            self._judge(error)
        report: Dict[str, object] = {
            "permit": self._granted.permit,
            "outcome": self._outcome or "success",
            "duration_ms": round(elapsed * 1000),
        }
        if self.cost is not None:
            self._add(report, "cost", self.cost)
        if self._error is not None:
            report["error"] = self._error
        self._permits.report(report)

    def _judge(self, error: BaseException) -> None:
        # Neither the end of the program nor another service's refusal is this service's fault.
        if not isinstance(error, Exception) or isinstance(error, PermitRefused):
            self.ignore()
            return
        try:
            called(error, self.service)
            self.failed(error)
        except Exception as odd:
            # The error of the block is on its way, and must not be replaced by ours.
            self._outcome = "failure"
            self._permits.tell(self.service, "an error cannot be described", repr(odd)[:300])

    def __call__(self, function: Function) -> Function:
        """Guards each call of a function."""
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(
                f"{function!r} is a generator, whose calls end before its work does:"
                " use `with service(...)` inside it"
            )
        if inspect.iscoroutinefunction(function):
            return cast(Function, self._guarding_async(function))
        return cast(Function, self._guarding(function))

    def _guarding(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*arguments: Any, **named: Any) -> Any:
            with self._another() as call:
                return call._priced(function(*arguments, **named))

        return guarded

    def _guarding_async(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        async def guarded(*arguments: Any, **named: Any) -> Any:
            async with self._another() as call:
                return call._priced(await function(*arguments, **named))

        return guarded

    def _another(self) -> "Call":
        cost, tokens, retry = self._asked
        return Call(self._permits, self.service, cost, tokens, retry, self._cost_of)

    def _priced(self, result: Any) -> Any:
        if self._cost_of is not None:
            try:
                self.cost = self._cost_of(result)
            except Exception as bad:
                self._permits.tell(self.service, "cost_of fails", repr(bad)[:300])
        return result
