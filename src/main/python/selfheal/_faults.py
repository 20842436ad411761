"""What an exception tells without its library: status, code, how long to wait.

Libraries agree on little. These are the places where requests, httpx, aiohttp, urllib, urllib3,
boto3, grpc, openai, anthropic, psycopg, asyncpg and SQLAlchemy put it.
"""

from __future__ import annotations

import time
from email.utils import mktime_tz, parsedate_tz
from typing import Callable, Optional

LONGEST_WAIT = 7 * 24 * 3600.0


def attribute(thing: object, *names: str) -> object:
    """The first attribute that is there; None when none is, or when reading it fails."""
    for name in names:
        try:
            value: object = getattr(thing, name, None)
        except Exception:
            continue
        if value is not None:
            return value
    return None


def text(error: BaseException, most: int = 2000) -> str:
    """Its message; one that cannot be had is said to be so."""
    try:
        return str(error)[:most]
    except Exception as bad:
        return f"(its message cannot be had: {type(bad).__name__})"


def http_status(error: object) -> Optional[int]:
    """The HTTP status that a service answered; None when there was no answer of HTTP."""
    response = attribute(error, "response")
    if isinstance(response, dict):  # boto3
        metadata = response.get("ResponseMetadata")
        return _status(metadata.get("HTTPStatusCode")) if isinstance(metadata, dict) else None
    for holder in (error, response):
        for name in ("status_code", "status", "http_status"):
            status = _status(attribute(holder, name))
            if status is not None:
                return status
    return _status(attribute(error, "code"))  # urllib


def _status(value: object) -> Optional[int]:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return int(value) if 100 <= value <= 599 else None  # int: of an HTTPStatus, too


def code(error: object) -> Optional[str]:
    """The provider's own word: an error code, or the name of gRPC's status."""
    response = attribute(error, "response")
    if isinstance(response, dict):  # boto3
        details = response.get("Error")
        return _word(details.get("Code")) if isinstance(details, dict) else None
    value = attribute(error, "code", "error_code")
    if callable(value):  # grpc
        value = _called(value)
    named = attribute(value, "name")
    return _word(named if named is not None else value)


def _called(value: Callable[[], object]) -> object:
    try:
        return value()
    except Exception:
        return None


def _word(value: object) -> Optional[str]:
    return value[:100] if isinstance(value, str) and value else None


def sqlstate(error: object) -> Optional[str]:
    """The five characters of PostgreSQL, also from below SQLAlchemy."""
    for holder in (error, attribute(error, "orig")):
        value = attribute(holder, "sqlstate", "pgcode")
        if isinstance(value, str) and len(value) == 5:
            return value
    return None


def retry_after(error: object, now: Callable[[], float] = time.time) -> Optional[float]:
    """How many seconds the service asks to be left alone; None when it does not.

    now: the time of day in seconds, for services that name a date.
    """
    given = attribute(error, "retry_after")
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return _seconds(float(given))
    headers = attribute(attribute(error, "response"), "headers") or attribute(error, "headers")
    fine = _number(_header(headers, "retry-after-ms"))
    if fine is not None:
        return _seconds(fine / 1000)
    text = _header(headers, "retry-after")
    plain = _number(text)
    if plain is not None:
        return _seconds(plain)
    date = parsedate_tz(text) if text is not None else None
    return _seconds(max(0.0, mktime_tz(date) - now())) if date is not None else None


def _header(headers: object, name: str) -> Optional[str]:
    get = attribute(headers, "get")
    if not callable(get):
        return None
    for spelling in (name, name.title()):
        try:
            value = get(spelling)
        except Exception:
            return None
        if isinstance(value, (str, int, float)):
            return str(value)
    return None


def _number(text: Optional[str]) -> Optional[float]:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _seconds(value: float) -> Optional[float]:
    return min(value, LONGEST_WAIT) if value >= 0 else None
