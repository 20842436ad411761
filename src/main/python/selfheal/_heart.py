"""What a worker's heartbeat says, and when the next one is due."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from typing import Callable, Dict, List, Optional
from urllib.parse import quote

from ._agent import Agent
from ._plain import name
from ._wire import Answer, BadAnswer

LOG = logging.getLogger("selfheal")

NAME = re.compile(r"[a-z0-9_-]{1,64}\Z")
FIRST_INTERVAL = 10.0
SHORTEST_INTERVAL = 0.2
LONGEST_INTERVAL = 3600.0
LIMIT = 0.5
MOST_JOBS = 1000
LONGEST_PROGRESS = 1000


class Heart:
    """Beats for one worker: its jobs, its progress, and that its process lives.

    The thread of the background beats, so a worker that hangs would still beat. With `within` it
    falls silent when the worker itself has shown no life for so many seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._jobs: Dict[str, int] = {}
        self._progress: Optional[str] = None
        self._next = 0.0
        self._shown = now()
        self._within: Optional[float] = None
        self._told = ""
        self.worker: Optional[str] = None
        self.interval = FIRST_INTERVAL
        self.beats = 0
        self._drains_until = 0.0

    @property
    def draining(self) -> bool:
        """Whether the agent asks to take no more jobs.

        It lapses when the agent has not answered for three heartbeats: a worker must not stand
        idle for ever because the agent that asked it to is gone.
        """
        return self._now() < self._drains_until

    def start(self, worker: str, within: Optional[float]) -> None:
        """Raises ValueError for what is no worker's name."""
        if not NAME.match(worker):
            raise ValueError(f"{worker!r} is no worker's name: 1 to 64 of a-z, 0-9, _ and -")
        self._within = within
        self.show()
        self.worker = worker
        self._next = 0.0

    def show(self) -> None:
        """The worker itself is alive."""
        self._shown = self._now()

    def progress(self, text: object) -> None:
        """How far it is."""
        self.show()
        self._progress = None if text is None else name(str(text), LONGEST_PROGRESS)

    def begin(self, job: str) -> None:
        """It works on a job now."""
        self.show()
        with self._lock:
            self._jobs[job] = self._jobs.get(job, 0) + 1

    def end(self, job: str) -> None:
        """It does so no more."""
        self.show()
        with self._lock:
            left = self._jobs.get(job, 0) - 1
            if left > 0:
                self._jobs[job] = left
            else:
                self._jobs.pop(job, None)

    def due(self) -> Optional[float]:
        """Seconds until the next beat, 0 when it is time; None when there is no worker."""
        return None if self.worker is None else max(0.0, self._next - self._now())

    def soon(self) -> None:
        """The next beat is due now."""
        self._next = 0.0

    def beat(self, agent: Agent) -> None:
        """Sends one, unless the worker shows no life; the answer says when the next is due."""
        worker = self.worker
        self._next = self._now() + self.interval
        if worker is None or self._silent():
            return
        path = f"/api/v1/workers/{quote(worker)}/heartbeat"
        answer = agent.ask("POST", path, self.body(), LIMIT)
        if answer is not None:
            self._hear(answer)

    def _silent(self) -> bool:
        return self._within is not None and self._now() - self._shown > self._within

    def body(self) -> Dict[str, object]:
        """What the next one says."""
        with self._lock:
            jobs: List[str] = [name(job) for job in list(self._jobs)[:MOST_JOBS] if job.strip()]
        body: Dict[str, object] = {"pid": os.getpid(), "jobs": jobs}
        if self._progress is not None:
            body["progress"] = self._progress
        return body

    def _hear(self, answer: Answer) -> None:
        if answer.status != 200:
            self._tell(f"{answer.status}: {answer.body[:300].decode('utf-8', 'replace')}")
            return
        try:
            said = answer.json()
        except BadAnswer as bad:
            self._tell(str(bad))
            return
        self._told = ""
        self.beats += 1
        every = said.get("every_ms") if isinstance(said, dict) else None
        if isinstance(every, (int, float)) and every > 0:
            self.interval = min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, every / 1000))
            self._next = self._now() + self.interval
        drains = isinstance(said, dict) and said.get("drain") is True
        self._drains_until = self._now() + 3 * self.interval if drains else 0.0

    def _tell(self, problem: str) -> None:
        """Once, and again when it is another one."""
        if problem != self._told:
            self._told = problem
            LOG.warning("The heartbeat of %s does not count: %s", self.worker, problem)

    def after_fork(self) -> None:
        """In the child: it has a pid of its own, and the parent's jobs are not its own."""
        self._lock = threading.RLock()
        self._jobs = {}
        self._progress = None
        self._drains_until = 0.0
        self.beats = 0
        self.soon()
        self.show()
