"""Where the agent listens, and where its token is."""

from __future__ import annotations

import os
import socket
from typing import List, Mapping, Optional

NAME = "selfheal.sock"
RUNTIME = "/run/selfheal"
STATE = "/var/lib/selfheal"


def sockets(environment: Mapping[str, str]) -> List[str]:
    """The places to look for the agent's socket, the likeliest first; none where it cannot run.

    SELFHEAL_SOCKET names the one place; "off" means that there is no agent. Otherwise it is where
    the agent's key `agent.socket: auto` puts it: the data directory of the agent that started this
    worker, the runtime directory of the service, root's data directory, this user's.
    """
    named = environment.get("SELFHEAL_SOCKET", "").strip()
    if named == "off" or not hasattr(socket, "AF_UNIX"):
        return []
    if named:
        return [named]
    home = environment.get("SELFHEAL_HOME", "").strip()
    return [os.path.join(folder, NAME) for folder in [home, RUNTIME, *_data(environment)] if folder]


def token(place: str, environment: Mapping[str, str]) -> Optional[str]:
    """The token of the agent at that socket; None where this user may not read it."""
    home = environment.get("SELFHEAL_HOME", "").strip()
    for folder in [os.path.dirname(place), home, *_data(environment)]:
        if not folder:
            continue
        try:
            with open(os.path.join(folder, "token"), encoding="ascii") as file:
                return file.read(200).strip()
        except (OSError, ValueError):
            continue
    return None


def _data(environment: Mapping[str, str]) -> List[str]:
    states = environment.get("XDG_STATE_HOME", "").strip() or os.path.expanduser("~/.local/state")
    return [STATE, os.path.join(states, "selfheal")]
