"""What is done for a client beside its calls: heartbeats, reports, looking for a lost agent."""

from __future__ import annotations

import time
from typing import Optional

from ._agent import Agent
from ._attendant import Attendant
from ._heart import Heart
from ._outbox import Item, Outbox

# Seconds that one request of the background may take.
LIMIT = 0.5
# Reports of one moment go out together, which costs their callers less than one by one.
GATHER = 0.002
# What a busy agent did not take is offered again after so many seconds.
LATER = 0.5


class Background:
    """Owns the agent's connections, what waits to be sent, and the thread that sends it."""

    def __init__(
        self, socket: Optional[str], limit: float, most_reports: int, most_errors: int
    ) -> None:
        self._attendant = Attendant(self._turn)
        self.agent = Agent(socket, limit, self._attendant)
        # As many in a batch as surely fit into the 1 MiB that the agent takes.
        self.reports = Outbox("/api/v1/permits/reports", "reports", most_reports, 500)
        self.errors = Outbox("/api/v1/errors/batch", "errors", most_errors, 3)
        self.heart = Heart()

    def report(self, report: Item) -> None:
        """Takes how a call went."""
        self.reports.put(report)
        self._attendant.wake()

    def tell_error(self, error: Item) -> None:
        """Takes the report of an error."""
        if self.agent.exists:
            self.errors.put(error)
            self._attendant.wake()

    def wake(self) -> None:
        """Something is due."""
        if self.agent.exists:
            self._attendant.wake()

    def _turn(self) -> Optional[float]:
        """Does what is due; gives the seconds until something is again."""
        presence = self.agent.presence
        if presence.away:
            if presence.wait() > 0 or not self.agent.probe():
                return presence.wait()
            self.heart.soon()
        if self.heart.due() == 0:
            self.heart.beat(self.agent)
        sent = self._send_waiting()
        if presence.away:
            return presence.wait()
        due = self.heart.due()
        return due if sent else min(LATER, LATER if due is None else due)

    def _send_waiting(self) -> bool:
        """False when something waits that could not be sent."""
        if not self.reports and not self.errors:
            return True
        time.sleep(GATHER)
        return self._send(self.reports, None) and self._send(self.errors, None)

    def _send(self, outbox: Outbox, deadline: Optional[float]) -> bool:
        while outbox:
            left = LIMIT if deadline is None else deadline - time.monotonic()
            if left <= 0 or not outbox.send(self.agent, min(left, LIMIT)):
                return False
        return True

    def flush(self, limit: float) -> bool:
        """Sends what waits in the caller's thread, for at most so many seconds."""
        deadline = time.monotonic() + limit
        return self._send(self.reports, deadline) and self._send(self.errors, deadline)

    def close(self, limit: float) -> None:
        """Sends what waits, for at most so many seconds, and ends."""
        deadline = time.monotonic() + limit
        # Long enough for a request that is under way, so that nothing is in two hands.
        self._attendant.close(limit * 0.6)
        self.flush(max(0.0, deadline - time.monotonic()))
        self.reports.drop_all()
        self.errors.drop_all()
        self.agent.close()

    def pause(self, limit: float) -> bool:
        """Ends the thread until it is woken again; whether there was one."""
        return self._attendant.pause(limit)

    def after_fork(self) -> None:
        """In the child: what waits is the parent's, and so are the connections."""
        self._attendant.after_fork()
        self.agent.after_fork()
        self.reports.after_fork()
        self.errors.after_fork()
        self.heart.after_fork()
        if self.heart.worker is not None:
            self.wake()
