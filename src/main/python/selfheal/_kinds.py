"""Which signal of an error is of which kind."""

from __future__ import annotations

import errno
from typing import Dict, FrozenSet

TRANSIENT = "transient"
RESOURCE = "resource"
VALIDATION = "validation"
PERMANENT = "permanent"

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
    **dict.fromkeys(("UnsupportedProtocol", "InvalidURL"), VALIDATION),
    **dict.fromkeys(("InvalidSchema", "MissingSchema"), VALIDATION),
    **dict.fromkeys(("TimeoutError", "timeout", "Timeout", "TimeoutException"), TRANSIENT),
    **dict.fromkeys(("APITimeoutError", "ReadTimeoutError", "ConnectTimeoutError"), TRANSIENT),
    **dict.fromkeys(("ConnectionError", "APIConnectionError", "ClientConnectionError"), TRANSIENT),
    **dict.fromkeys(("NetworkError", "TransportError"), TRANSIENT),
    **dict.fromkeys(("RemoteDisconnected", "ProtocolError"), TRANSIENT),
    **dict.fromkeys(("IncompleteRead", "IncompleteReadError"), TRANSIENT),
    **dict.fromkeys(("ServerDisconnectedError", "ClientPayloadError"), TRANSIENT),
    **dict.fromkeys(("ChunkedEncodingError", "ContentDecodingError"), TRANSIENT),
    **dict.fromkeys(("OutOfMemoryError", "MemoryError", "PermitRefused"), RESOURCE),
    **dict.fromkeys(("ImportError", "FileNotFoundError", "PermissionError"), PERMANENT),
    **dict.fromkeys(("ValueError", "KeyError", "TypeError", "JSONDecodeError"), VALIDATION),
}
