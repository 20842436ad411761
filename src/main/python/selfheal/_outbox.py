"""What waits to be sent to the agent: bounded, and what is lost is counted."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import Deque, Dict, List

from ._agent import Agent

LOG = logging.getLogger("selfheal")
Item = Dict[str, object]

# Answers after which the same item alone may still be right, and its neighbour in the batch wrong.
SPOILT = (400, 413, 422)
LATER = (429, 500, 502, 503, 504)


class Outbox:
    """Items of one kind, sent in batches.

    path: where a batch is posted. key: the name of its list. most: items that wait; the oldest
    give way. batch: items of one request.
    """

    def __init__(self, path: str, key: str, most: int, batch: int) -> None:
        self._path = path
        self._key = key
        self._most = most
        self._batch = batch
        self._items: Deque[Item] = deque()
        # A signal handler or a finalizer may put while its own thread is in here.
        self._lock = threading.RLock()
        self._warned = False
        self.sent = 0
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> None:
        """Takes an item; never waits."""
        with self._lock:
            if len(self._items) >= self._most:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)

    def send(self, agent: Agent, limit: float) -> bool:
        """Sends one batch. False when it has to wait: the agent is away or busy."""
        with self._lock:
            batch = [self._items.popleft() for _ in range(min(self._batch, len(self._items)))]
        try:
            return not batch or self._post(agent, batch, limit)
        except (TypeError, ValueError) as unspeakable:
            self._refused(len(batch), 400, str(unspeakable).encode())
            return True

    def _post(self, agent: Agent, batch: List[Item], limit: float) -> bool:
        answer = agent.ask("POST", self._path, {self._key: batch}, limit)
        if answer is None or answer.status in LATER:
            self._put_back(batch)
            return False
        if answer.status < 300:
            self._sent(len(batch))
        elif answer.status in SPOILT and len(batch) > 1:
            return self._post_singly(agent, batch, limit)
        else:
            self._refused(len(batch), answer.status, answer.body)
        return True

    def _post_singly(self, agent: Agent, batch: List[Item], limit: float) -> bool:
        for index, item in enumerate(batch):
            if not self._post(agent, [item], limit):
                self._put_back(batch[index + 1 :])
                return False
        return True

    def _sent(self, count: int) -> None:
        with self._lock:
            self.sent += count

    def _refused(self, count: int, status: int, body: bytes) -> None:
        with self._lock:
            self.dropped += count
        if not self._warned:
            self._warned = True
            why = body[:300].decode("utf-8", "replace")
            LOG.warning(
                "The agent refuses %s with %s, which is told once: %s", self._path, status, why
            )

    def _put_back(self, batch: List[Item]) -> None:
        with self._lock:
            room = max(0, self._most - len(self._items))
            kept = batch[len(batch) - min(room, len(batch)) :]
            self.dropped += len(batch) - len(kept)
            self._items.extendleft(reversed(kept))

    def drop_all(self) -> None:
        """At the end: what could not be sent is lost."""
        with self._lock:
            self.dropped += len(self._items)
            self._items.clear()

    def after_fork(self) -> None:
        """In the child: what waits is the parent's to send."""
        self._lock = threading.RLock()
        self._items = deque()
        self.sent = 0
        self.dropped = 0
