"""Reports of errors: what went wrong, where, and on the way to what."""

from __future__ import annotations

import os
import traceback
import uuid
from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ._classify import classify
from ._faults import text
from ._plain import plain

LONGEST_STACK = 16_000
LONGEST_NAME = 200


class Place(NamedTuple):
    """Where an error happened. component: a part of the worker. operation: what it did there.
    task: the unit of work, so that all errors of one are found together. context: what helps to
    understand it; no secrets, it is kept."""

    component: Optional[str] = None
    operation: Optional[str] = None
    task: Optional[str] = None
    context: Mapping[str, Any] = {}


def report(
    error: BaseException, place: Place, worker: Optional[str], way: List[Dict[str, object]]
) -> Dict[str, object]:
    """The report of an exception. way: the operations that were open, the outermost first.

    It has an id of its own: sent twice because an answer was lost, it counts once.
    """
    known = classify(error)
    said: Dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "worker": worker,
        "pid": os.getpid(),
        "component": _cut(place.component),
        "operation": _cut(place.operation),
        "task_id": _cut(place.task),
        "type": _type(error),
        "message": text(error),
        "category": known.category,
        "status": known.status,
        "code": known.code,
        "retry_after_ms": None if known.retry_after is None else round(known.retry_after * 1000),
        "stack": stack(error),
        "context": plain(place.context),
        "operations": way,
    }
    return {key: value for key, value in said.items() if value is not None}


def stack(error: BaseException) -> str:
    """The traceback, its causes included; of a very long one the end, which names the error."""
    try:
        lines = traceback.format_exception(type(error), error, error.__traceback__)
    except Exception as bad:
        return f"(no traceback: {type(bad).__name__})"
    return "".join(lines)[-LONGEST_STACK:]


def _type(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__
    return (name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}")[:LONGEST_NAME]


def _cut(name: Optional[str]) -> Optional[str]:
    return None if name is None else str(name)[:LONGEST_NAME]


def first_telling(error: BaseException) -> bool:
    """Whether it was not reported before: an error passes through every operation around it."""
    if getattr(error, "_selfheal_reported", False):
        return False
    try:
        error._selfheal_reported = True  # type: ignore[attr-defined]
    except Exception:
        pass  # an exception with __slots__: better told twice than not at all
    return True
