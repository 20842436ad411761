"""Values of any kind as the agent takes them, and no more of them than is reasonable."""

from __future__ import annotations

from decimal import Decimal
from typing import Dict, Mapping, Optional

MOST_ENTRIES = 40
LONGEST_VALUE = 2000
LONGEST_NAME = 200
# The largest amount of money that the agent keeps: a billion.
LARGEST_AMOUNT = 1e9


def lines(value: object, most: int) -> str:
    """A text of several lines: without NUL and half characters, cut as the agent counts them.

    It counts in UTF-16.
    """
    text = _text(value)
    if text.isascii() and len(text) <= most and "\0" not in text:
        return text
    units = text.replace("\0", "\ufffd").encode("utf-16-le", "replace")[: 2 * most]
    return units.decode("utf-16-le", "ignore")


def name(value: object, most: int = LONGEST_NAME) -> str:
    """A text of one line, without control characters."""
    text = _text(value)
    if not text.isprintable():
        text = "".join(one if one.isprintable() else " " for one in text)
    return lines(text, most)


def texts(values: Mapping[str, object]) -> Dict[str, str]:
    """Each value as a text: of what is none, its repr."""
    named = [(name(key), value) for key, value in values.items()]
    kept = [(key, value) for key, value in named if key.strip()]
    return {key: lines(value, LONGEST_VALUE) for key, value in kept[:MOST_ENTRIES]}


def _text(value: object) -> str:
    try:
        return value if isinstance(value, str) else repr(value)
    except Exception:
        return f"<{type(value).__name__} whose repr fails>"


def amount(value: object) -> Optional[float]:
    """A cost or a number of tokens; None for what is none: negative, infinite, no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if 0 <= number <= LARGEST_AMOUNT else None
