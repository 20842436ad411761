"""Reports of errors: what went wrong, where, and on the way to what."""

from __future__ import annotations

import os
import traceback
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, Mapping, NamedTuple, Optional

from ._classify import Classified, classify
from ._failure import service_of
from ._faults import text
from ._plain import lines, name, texts

LONGEST_MESSAGE = 10_000
LONGEST_TRACEBACK = 16_000


class Place(NamedTuple):
    """Where an error happened. component: a part of the worker, of few different values.
    operation: what it did there. job: on which job. context: what helps to understand it; no
    secrets, it is kept. fingerprint: what makes two errors the same, if the worker knows better."""

    component: Optional[str] = None
    operation: Optional[str] = None
    job: Optional[str] = None
    context: Mapping[str, Any] = {}
    fingerprint: Optional[str] = None


def report(
    error: BaseException, place: Place, worker: Optional[str], way: str
) -> Dict[str, object]:
    """The report of an exception, as the agent takes it. way: the operations that were open."""
    known = classify(error)
    said: Dict[str, Any] = {
        "type": name(_type(error)),
        "message": lines(text(error, LONGEST_MESSAGE), LONGEST_MESSAGE),
        "category": known.category,
        "component": _named(place.component),
        "service": _named(service_of(error)),
        "worker": worker,
        "job": _named(place.job),
        "traceback": lines(stack(error), LONGEST_TRACEBACK),
        "context": texts({**place.context, **_seen(known, place, way)}),
        "fingerprint": _named(place.fingerprint),
        # Sent again after a lost answer, it is taken once.
        "report_id": str(uuid.uuid4()),
        "occurred_at": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return {key: value for key, value in said.items() if value is not None}


def _seen(known: Classified, place: Place, way: str) -> Dict[str, object]:
    """What the client itself adds to the context."""
    seen: Dict[str, object] = {
        "operation": place.operation,
        "operations": way or None,
        "pid": os.getpid(),
        "status": known.status,
        "code": known.code,
        "retry_after_seconds": known.retry_after,
    }
    return {key: value for key, value in seen.items() if value is not None}


def stack(error: BaseException) -> str:
    """The traceback, its causes included; of a very long one the end, which names the error."""
    try:
        told = traceback.format_exception(type(error), error, error.__traceback__)
    except Exception as bad:
        return f"(no traceback: {type(bad).__name__})"
    return "".join(told)[-LONGEST_TRACEBACK:]


def _type(error: BaseException) -> str:
    kind = type(error)
    title = kind.__qualname__
    return title if kind.__module__ == "builtins" else f"{kind.__module__}.{title}"


def _named(title: Optional[str]) -> Optional[str]:
    return None if title is None else name(title)


def first_telling(error: BaseException) -> bool:
    """Whether it was not reported before: an error passes through every operation around it."""
    if getattr(error, "_selfheal_reported", False):
        return False
    try:
        error._selfheal_reported = True  # type: ignore[attr-defined]
    except Exception:
        pass  # an exception with __slots__: better told twice than not at all
    return True
