"""What the agent is told of a call that failed."""

from __future__ import annotations

from typing import Dict, Optional, Union

from ._classify import classify
from ._faults import LONGEST_WAIT, attribute, text
from ._plain import amount, lines, name

LONGEST_MESSAGE = 500


def described(error: Union[BaseException, int, str], wait: Optional[float]) -> Dict[str, object]:
    """Of an exception, of an HTTP status, or of a message; wait: seconds to be left alone."""
    described: Dict[str, object] = {}
    if isinstance(error, BaseException):
        known = classify(error)
        described = {
            "category": known.category,
            "status": known.status,
            "code": None if known.code is None else name(known.code),
            "message": lines(f"{type(error).__name__}: {text(error)}", LONGEST_MESSAGE),
        }
        wait = known.retry_after if wait is None else wait
    elif isinstance(error, int):
        described["status"] = int(error) if 100 <= error <= 599 else None
    else:
        described["message"] = lines(error, LONGEST_MESSAGE)
    waited = amount(wait)
    if waited is not None:
        described["retry_after_ms"] = round(min(waited, LONGEST_WAIT) * 1000)
    return {key: value for key, value in described.items() if value is not None}


def called(error: BaseException, service: str) -> None:
    """Notes on an exception which service was called, for the report of the error later."""
    try:
        if service_of(error) is None:
            error._selfheal_service = service  # type: ignore[attr-defined]
    except Exception:
        pass  # an exception with __slots__: the report goes without


def service_of(error: BaseException) -> Optional[str]:
    """The service in whose call it was raised; None when it was elsewhere."""
    noted = attribute(error, "_selfheal_service")
    return noted if isinstance(noted, str) else None
