"""Whatever an agent does, in any order: calls go on, and every report is accounted for."""

import asyncio
import itertools
import os
import random
import threading

from selfheal import _presence
from toy_agent import AgentCase, Cut, Hang, reply, well

THREADS = 4
TASKS = 4
# Of each thread and task; those without a permit come on top.
GUARDED_CALLS = 40


class Moody:
    """Answers well, badly, or not at all, as its dice say; at the end it is well."""

    def __init__(self, seed):
        self._dice = random.Random(seed)
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self.calm = False
        self.granted = set()
        self.heard = set()

    def __call__(self, request):
        with self._lock:
            answer = self._right(request)
            mood = self._dice.random()
            cut = self._dice.randrange(len(answer))
        if self.calm or mood < 0.8:
            return answer
        if mood < 0.84:
            return Cut(answer[:cut])
        if mood < 0.87:
            return Cut(answer)
        if mood < 0.90:
            return answer + b"HTTP/1.1 200 OK\r\n"
        if mood < 0.92:
            return Cut(os.urandom(50))
        if mood < 0.94:
            return Hang()
        return reply(self._status(mood), {"detail": "in no mood"})

    def _right(self, request):
        if request.path.endswith("/permits"):
            permit = str(next(self._numbers))
            self.granted.add(permit)
            return reply(201, {"permit": permit})
        if request.path.endswith("/reports"):
            self.heard.update(report["permit"] for report in request.body["reports"])
        return well(request)

    def _status(self, mood):
        return (404, 500, 503, 429, 401, 400)[int(mood * 1000) % 6]


class ChaosTest(AgentCase):
    def setUp(self):
        """It is looked for again at once: what is tested is how it goes and comes."""
        for name in ("FIRST_DELAY", "LONGEST_DELAY"):
            self.addCleanup(setattr, _presence, name, getattr(_presence, name))
            setattr(_presence, name, 0.002)

    def chaos(self, seed):
        moody = Moody(seed)
        agent = self.agent(moody)
        client = self.client(agent, limit=0.05)
        permits = []
        made = itertools.count()

        def guarded(call):
            next(made)
            if call.guarded:
                permits.append(call._granted.permit)
            return call.guarded

        def thread():
            moment = threading.Event()
            left = GUARDED_CALLS
            while left:
                with client.service("s") as call:
                    left -= guarded(call)
                moment.wait(0.001 if not call.guarded else 0)

        async def task():
            left = GUARDED_CALLS
            while left:
                async with client.service("s") as call:
                    left -= guarded(call)
                await asyncio.sleep(0.001 if not call.guarded else 0)

        async def tasks():
            await asyncio.gather(*(task() for _ in range(TASKS)))

        client.start("w")
        threads = [threading.Thread(target=thread) for _ in range(THREADS)]
        threads.append(threading.Thread(target=lambda: asyncio.run(tasks())))
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        moody.calm = True
        self.until(lambda: client.stats().reports_waiting == 0, "all reports leave")
        self.until(lambda: self.accounted(client) == len(permits), "each report is accounted for")
        self.assertEqual(client.stats().unguarded_calls + len(permits), next(made))
        self.assertEqual(len(set(permits)), len(permits), "no permit was given to two calls")
        self.assertLessEqual(set(permits), moody.granted)
        self.assertLessEqual(len(set(permits) - moody.heard), client.stats().reports_dropped)

    def accounted(self, client):
        stats = client.stats()
        return stats.reports_sent + stats.reports_dropped + stats.reports_waiting

    def test_whatever_it_does(self):
        for seed in range(2):
            with self.subTest(seed=seed):
                self.chaos(seed)
