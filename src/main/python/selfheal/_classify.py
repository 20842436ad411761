"""What kind of error an exception is: transient, resource, validation or permanent.

What its service answered comes before its type. Unknown is said as unknown: then the agent decides.
"""

from __future__ import annotations

from typing import Callable, Iterator, NamedTuple, Optional, Set

from . import _faults
from ._kinds import (
    CODES,
    ERRNOS,
    PERMANENT,
    QUOTA,
    RESOURCE,
    SQLSTATES,
    STATUSES,
    TRANSIENT,
    TYPES,
    VALIDATION,
)

LONGEST_CHAIN = 8
EAI_AGAIN = -3


class Classified(NamedTuple):
    """What is known of an exception.

    category: None when nothing tells. status: of HTTP. code: the provider's word, gRPC's or
    PostgreSQL's. retry_after: seconds.
    """

    category: Optional[str]
    status: Optional[int]
    code: Optional[str]
    retry_after: Optional[float]


def classify(error: BaseException) -> Classified:
    """What the exception says, or else what it was raised from."""
    whole = Classified(None, None, None, None)
    for one in _chain(error, _cause):
        found = _alone(one)
        whole = Classified(
            found.category,
            found.status if whole.status is None else whole.status,
            whole.code or found.code,
            found.retry_after if whole.retry_after is None else whole.retry_after,
        )
        if found.category is not None:
            break
    if whole.status is None and whole.category in (None, TRANSIENT):
        return whole._replace(category=_unreachable(error) or whole.category)
    return whole


def _chain(
    error: BaseException, before: Callable[[BaseException], Optional[BaseException]]
) -> Iterator[BaseException]:
    current: Optional[BaseException] = error
    for _ in range(LONGEST_CHAIN):
        if current is None:
            return
        yield current
        current = before(current)


def _cause(error: BaseException) -> Optional[BaseException]:
    if error.__cause__ is not None:
        return error.__cause__
    reason = _faults.attribute(error, "reason")  # urllib
    return reason if isinstance(reason, BaseException) else None


def _occasion(error: BaseException) -> Optional[BaseException]:
    """Libraries do not always say `from`: some put the cause into the arguments, or nowhere."""
    first = error.args[0] if error.args else None
    if isinstance(first, BaseException):
        return first
    return _cause(error) or (None if error.__suppress_context__ else error.__context__)


def _unstated(error: BaseException) -> bool:
    """Whether PostgreSQL had no word in it though its library has a place for it."""
    has_place = hasattr(type(error), "sqlstate") or hasattr(type(error), "pgcode")
    return has_place and _faults.sqlstate(error) is None


def _unreachable(error: BaseException) -> Optional[str]:
    """Whether a certificate or a name is wrong behind what a library calls no connection."""
    for one in _chain(error, _occasion):
        names = _names(one)
        if "SSLCertVerificationError" in names or "CertificateError" in names:
            return PERMANENT
        if "gaierror" in names and one.args:
            return TRANSIENT if one.args[0] == EAI_AGAIN else PERMANENT
    return None


def _names(error: BaseException) -> Set[str]:
    return {base.__name__ for base in type(error).__mro__}


def _alone(error: BaseException) -> Classified:
    status = _faults.http_status(error)
    state = _faults.sqlstate(error)
    code = state or _faults.code(error)
    category = (
        _by_wish(error)
        or (RESOURCE if code in QUOTA else None)
        or (_by_sqlstate(state) if state is not None else None)
        or (CODES.get(code) if code is not None else None)
        or (_by_status(status) if status is not None else None)
        or _by_type(error)
    )
    return Classified(category, status, code, _faults.retry_after(error))


def _by_wish(error: BaseException) -> Optional[str]:
    """What the worker itself says of its exception: `error.retryable = True`."""
    wish = _faults.attribute(error, "retryable")
    if isinstance(wish, bool):
        return TRANSIENT if wish else PERMANENT
    return None


def _by_status(status: int) -> Optional[str]:
    if status in STATUSES:
        return STATUSES[status]
    if status >= 500:
        return TRANSIENT
    return VALIDATION if status >= 400 else None


def _by_sqlstate(state: str) -> Optional[str]:
    return SQLSTATES.get(state) or SQLSTATES.get(state[:2])


def _by_type(error: BaseException) -> Optional[str]:
    names = _names(error)
    number = _faults.attribute(error, "errno")
    if isinstance(error, OSError) and isinstance(number, int) and number in ERRNOS:
        return ERRNOS[number]
    if "RuntimeError" in names and "out of memory" in _faults.text(error).lower():  # torch
        return RESOURCE
    if "OperationalError" in names and _unstated(error):
        return TRANSIENT
    return next((category for name, category in TYPES.items() if name in names), None)
