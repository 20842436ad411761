"""What kind of error an exception is: transient, resource, validation or permanent.

What its service answered comes before its type. Unknown is said as unknown: then the agent decides.
"""

from __future__ import annotations

import errno
from typing import Dict, FrozenSet, Iterator, NamedTuple, Optional

from . import _faults

TRANSIENT = "transient"
RESOURCE = "resource"
VALIDATION = "validation"
PERMANENT = "permanent"

LONGEST_CHAIN = 8


class Classified(NamedTuple):
    """What is known of an exception.

    category: None when nothing tells. status: of HTTP. code: the provider's word, gRPC's or
    PostgreSQL's. retry_after: seconds.
    """

    category: Optional[str]
    status: Optional[int]
    code: Optional[str]
    retry_after: Optional[float]


QUOTA: FrozenSet[str] = frozenset({"insufficient_quota", "billing_hard_limit_reached"})

STATUSES: Dict[int, str] = {
    **dict.fromkeys((400, 405, 406, 412, 413, 415, 422), VALIDATION),
    **dict.fromkeys((401, 403, 404, 410, 501, 505), PERMANENT),
    **dict.fromkeys((408, 409, 425, 500, 502, 503, 504), TRANSIENT),
    **dict.fromkeys((402, 429, 507, 529), RESOURCE),
}

# gRPC's.
CODES: Dict[str, str] = {
    **dict.fromkeys(("INVALID_ARGUMENT", "OUT_OF_RANGE"), VALIDATION),
    **dict.fromkeys(("UNAUTHENTICATED", "PERMISSION_DENIED"), PERMANENT),
    **dict.fromkeys(("NOT_FOUND", "UNIMPLEMENTED"), PERMANENT),
    **dict.fromkeys(("UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"), TRANSIENT),
    **dict.fromkeys(("INTERNAL", "UNKNOWN"), TRANSIENT),
    "RESOURCE_EXHAUSTED": RESOURCE,
}

# The longest prefix that fits counts.
SQLSTATES: Dict[str, str] = {
    **dict.fromkeys(("40001", "40P01", "08", "57P01", "57P02", "57P03"), TRANSIENT),
    **dict.fromkeys(("55P03", "55006", "57014"), TRANSIENT),
    "53": RESOURCE,
    **dict.fromkeys(("22", "23"), VALIDATION),
    **dict.fromkeys(("42", "28", "3D", "58030", "XX001"), PERMANENT),
}

ERRNOS: Dict[int, str] = {
    **dict.fromkeys(
        (
            errno.ECONNREFUSED,
            errno.EHOSTUNREACH,
            errno.ENETUNREACH,
            errno.ECONNRESET,
            errno.ECONNABORTED,
            errno.EPIPE,
            errno.ETIMEDOUT,
        ),
        TRANSIENT,
    ),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.ENOMEM), RESOURCE),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), RESOURCE),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.ENOENT), PERMANENT),
}

# By the names of the classes, the most special first: no library needs to be there.
TYPES: Dict[str, str] = {
    **dict.fromkeys(("SSLCertVerificationError", "CertificateError"), PERMANENT),
    **dict.fromkeys(("UnsupportedProtocol", "InvalidURL"), VALIDATION),
    **dict.fromkeys(("InvalidSchema", "MissingSchema"), VALIDATION),
    **dict.fromkeys(("TimeoutError", "timeout", "Timeout", "TimeoutException"), TRANSIENT),
    **dict.fromkeys(("APITimeoutError", "ReadTimeoutError", "ConnectTimeoutError"), TRANSIENT),
    **dict.fromkeys(("ConnectionError", "APIConnectionError", "ClientConnectionError"), TRANSIENT),
    **dict.fromkeys(("NetworkError", "TransportError"), TRANSIENT),
    **dict.fromkeys(("RemoteDisconnected", "ProtocolError"), TRANSIENT),
    **dict.fromkeys(("IncompleteRead", "IncompleteReadError"), TRANSIENT),
    "ServerDisconnectedError": TRANSIENT,
    **dict.fromkeys(("OutOfMemoryError", "MemoryError", "PermitRefused"), RESOURCE),
    **dict.fromkeys(("ImportError", "FileNotFoundError", "PermissionError"), PERMANENT),
    **dict.fromkeys(("ValueError", "KeyError", "TypeError", "JSONDecodeError"), VALIDATION),
}


def classify(error: BaseException) -> Classified:
    """What the exception says, or else what it was raised from."""
    whole = Classified(None, None, None, None)
    for one in _chain(error):
        found = _alone(one)
        whole = Classified(
            whole.category or found.category,
            found.status if whole.status is None else whole.status,
            whole.code or found.code,
            found.retry_after if whole.retry_after is None else whole.retry_after,
        )
        if whole.category is not None:
            return whole
    return whole


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: Optional[BaseException] = error
    for _ in range(LONGEST_CHAIN):
        if current is None:
            return
        yield current
        current = current.__cause__


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
    names = {base.__name__ for base in type(error).__mro__}
    if "gaierror" in names and error.args:
        return _by_resolver(error.args[0])
    if "SSLError" in names or "RuntimeError" in names:
        found = _by_message(error)
        if found is not None:
            return found
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and isinstance(number, int) and number in ERRNOS:
        return ERRNOS[number]
    return next((category for name, category in TYPES.items() if name in names), None)


def _by_resolver(number: object) -> str:
    """Try again (EAI_AGAIN, -3) passes; a name that is not there stays so."""
    return TRANSIENT if number == -3 else PERMANENT


def _by_message(error: BaseException) -> Optional[str]:
    """requests calls a wrong certificate a ConnectionError; torch, no memory a RuntimeError."""
    text = _faults.text(error).lower()
    if "certificate" in text:
        return PERMANENT
    return RESOURCE if "out of memory" in text else None
