"""What the agent is told of a call that failed."""

from __future__ import annotations

from typing import Dict, Optional, Union

from ._classify import classify
from ._faults import text
from ._plain import amount

LONGEST_MESSAGE = 500


def described(error: Union[BaseException, int, str], wait: Optional[float]) -> Dict[str, object]:
    """Of an exception, of an HTTP status, or of a message; wait: seconds to be left alone."""
    described: Dict[str, object] = {}
    if isinstance(error, BaseException):
        known = classify(error)
        described = {
            "category": known.category,
            "status": known.status,
            "code": known.code,
            "message": f"{type(error).__name__}: {text(error, LONGEST_MESSAGE)}",
        }
        wait = known.retry_after if wait is None else wait
    elif isinstance(error, int):
        described["status"] = error
    else:
        described["message"] = str(error)[:LONGEST_MESSAGE]
    waited = amount(wait)
    if waited is not None:
        described["retry_after_ms"] = round(waited * 1000)
    return {key: value for key, value in described.items() if value is not None}
