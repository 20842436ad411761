"""Guards around functions that are called, rather than blocks that are written."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Awaitable, Callable, Optional, TypeVar, Union, cast

from ._call import Call
from ._classify import classify
from ._kinds import RESOURCE, TRANSIENT
from ._operations import Operation
from ._refusal import PermitRefused

T = TypeVar("T")
F = TypeVar("F")
Function = TypeVar("Function", bound=Callable[..., Any])


def protect(
    call: Call, function: Callable[[], T], fallback: Optional[Callable[[Exception], F]]
) -> Union[T, F]:
    """Calls a function of a service, or else the fallback, with the reason."""
    try:
        with call:
            return function()
    except Exception as error:
        if fallback is None or not _stands_in(error):
            raise
        return fallback(error)


async def protect_async(
    call: Call,
    function: Callable[[], Awaitable[T]],
    fallback: Optional[Callable[[Exception], Awaitable[F]]],
) -> Union[T, F]:
    """The same for asyncio."""
    try:
        async with call:
            return await function()
    except Exception as error:
        if fallback is None or not _stands_in(error):
            raise
        return await fallback(error)


def _stands_in(error: Exception) -> bool:
    """A fallback is for a service that is not to be had; it must not hide a wrong call of it."""
    return isinstance(error, PermitRefused) or classify(error).category in (TRANSIENT, RESOURCE)


def handling(make: Callable[[str], Operation], function: Function, name: Optional[str]) -> Function:
    """Makes each call of a function an operation, named like the function when nobody says."""
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            f"{function!r} is a generator, whose calls end before its work does:"
            " use `with operation(...)` inside it"
        )
    title: str = name if name is not None else getattr(function, "__qualname__", repr(function))
    wrapped = _async_in if inspect.iscoroutinefunction(function) else _in
    return cast(Function, wrapped(make, function, title))


def _in(
    make: Callable[[str], Operation], function: Callable[..., Any], title: str
) -> Callable[..., Any]:
    @functools.wraps(function)
    def handled(*arguments: Any, **named: Any) -> Any:
        with make(title):
            return function(*arguments, **named)

    return handled


def _async_in(
    make: Callable[[str], Operation], function: Callable[..., Any], title: str
) -> Callable[..., Any]:
    @functools.wraps(function)
    async def handled(*arguments: Any, **named: Any) -> Any:
        async with make(title):
            return await function(*arguments, **named)

    return handled
