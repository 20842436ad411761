"""Values of any kind as what JSON can say, and no more of them than is reasonable."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Mapping, Optional

DEEPEST = 5
MOST_ENTRIES = 50
LONGEST_TEXT = 1000
LARGEST_AMOUNT = 1e12


def plain(value: object, depth: int = 0) -> object:
    """What is no text, number, list or mapping is said by its repr; long things are cut."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < 1 << 53 else str(value)[:LONGEST_TEXT]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    if depth < DEEPEST and isinstance(value, Mapping):
        entries = list(value.items())[:MOST_ENTRIES]
        return {_name(key): plain(one, depth + 1) for key, one in entries}
    if depth < DEEPEST and isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one, depth + 1) for one in list(value)[:MOST_ENTRIES]]
    return _shown(value)


def _name(key: object) -> str:
    return key[:100] if isinstance(key, str) else _shown(key)[:100]


def _shown(value: object) -> str:
    try:
        return repr(value)[:LONGEST_TEXT]
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
