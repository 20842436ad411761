"""Keeps clients whole when their process forks."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, List
from weakref import WeakSet

if TYPE_CHECKING:
    from ._client import Client

# How long a fork waits for the thread of a client to end its turn.
PAUSE = 0.2

_clients: "WeakSet[Client]" = WeakSet()
_paused: "List[Client]" = []
_for_multiprocessing = False


def watch(client: "Client") -> None:
    """Has it told of forks as long as it is there."""
    _clients.add(client)


def _before() -> None:
    """A fork beside a running thread may copy a held lock; Python 3.12 and later warn of it."""
    _tell_multiprocessing()
    _paused[:] = [client for client in list(_clients) if client.pause(PAUSE)]


def _in_parent() -> None:
    for client in _paused:
        client.wake()
    _paused.clear()


def _in_child() -> None:
    _paused.clear()
    for client in list(_clients):
        client.after_fork()


def _tell_multiprocessing() -> None:
    """Its children leave by os._exit, without the functions of atexit, but run their own."""
    global _for_multiprocessing
    util = sys.modules.get("multiprocessing.util")
    if util is not None and not _for_multiprocessing:
        _for_multiprocessing = True
        util.register_after_fork(sys.modules[__name__], _in_multiprocessing)


def _in_multiprocessing(module: Any) -> None:
    util = sys.modules["multiprocessing.util"]
    for client in list(_clients):
        util.Finalize(None, client.close, exitpriority=0)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
