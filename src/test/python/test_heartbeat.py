"""Signs of life: what they say, when they come, and when they do not."""

import os

from selfheal._heart import Heart
from selfheal._wire import Answer
from toy_agent import AgentCase, reply, well


def hearing(answer):
    return lambda request: answer() if request.path.endswith("/heartbeat") else well(request)


class HeartbeatTest(AgentCase):
    def test_it_says_pid_jobs_and_progress_and_comes_as_often_as_the_agent_wants(self):
        agent = self.agent(hearing(lambda: reply(200, {"accepted": True, "every_ms": 200})))
        client = self.client(agent)
        client.progress("half")
        with client.job(7), client.job("8"), client.job(7):
            client.start("images")
            first = agent.until("/api/v1/workers/images/heartbeat")[0]
        self.assertEqual(first.body["pid"], os.getpid())
        self.assertEqual(first.body["jobs"], ["7", "8"])
        self.assertEqual(first.body["progress"], "half")
        agent.until("/heartbeat", 2, lambda one: one.body["jobs"] == [])
        self.assertGreaterEqual(client.stats().heartbeats, 1)

    def test_a_job_that_is_worked_on_twice_ends_twice(self):
        heart = Heart()
        heart.begin("a")
        heart.begin("a")
        heart.end("a")
        self.assertEqual(heart.body()["jobs"], ["a"])
        heart.end("a")
        heart.end("a")
        self.assertEqual(heart.body()["jobs"], [])

    def test_the_agent_may_ask_to_drain_and_stop_asking(self):
        drains = [False, True]
        agent = self.agent(
            hearing(lambda: reply(200, {"every_ms": 200, "drain": bool(drains) and drains.pop()}))
        )
        client = self.client(agent)
        self.assertFalse(client.draining())
        client.start("w")
        self.until(client.draining, "it is asked to drain")
        self.until(lambda: not client.draining(), "it is not any more")

    def test_a_wish_to_drain_lapses_with_the_agent_that_had_it(self):
        clock = [100.0]
        heart = Heart(lambda: clock[0])
        heart.start("w", within=None)
        heart.beat(Asked(Answer(200, b"", b'{"every_ms": 5000, "drain": true}')))
        clock[0] += 14
        heart.beat(Asked())
        self.assertTrue(heart.draining)
        clock[0] += 2
        self.assertFalse(heart.draining)

    def test_what_the_agent_refuses_is_told_once_and_tried_again(self):
        agent = self.agent(hearing(lambda: reply(409, {"detail": "no such pid"})))
        client = self.client(agent)
        client._heart.interval = 0.01
        with self.assertLogs("selfheal", "WARNING") as log:
            client.start("w")
            agent.until("/heartbeat", 3)
        self.assertEqual(len(log.output), 1)
        self.assertIn("no such pid", log.output[0])

    def test_odd_answers_change_nothing(self):
        odd = [b'"x"', b"[1]", b'{"every_ms": "soon"}', b'{"every_ms": -5}', b'{"drain": 1}', b"{"]
        for body in odd:
            with self.subTest(body):
                raw = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body
                agent = self.agent(hearing(lambda raw=raw: raw))
                client = self.client(agent)
                client.start("w")
                agent.until("/heartbeat")
                self.until(lambda: client._heart.due() > 0, "the next one is planned")
                self.assertEqual(client._heart.interval, 10.0)
                self.assertFalse(client.draining())

    def test_it_is_heard_again_by_the_next_agent_at_once(self):
        path = os.path.join(self.folder(), "a.sock")
        client = self.client(path)
        client.start("w")
        first = self.agent(well, path)
        first.until("/heartbeat")
        first.vanish()
        os.unlink(path)
        with client.service("s"):
            pass  # it notices
        self.agent(well, path).until("/heartbeat")

    def test_a_worker_that_shows_no_life_falls_silent(self):
        clock = [100.0]
        heart = Heart(lambda: clock[0])
        heart.start("w", within=60.0)
        agent = Asked()
        heart.beat(agent)
        clock[0] += 59
        heart.beat(agent)
        self.assertEqual(agent.asked, 2)
        clock[0] += 2
        heart.beat(agent)
        self.assertEqual(agent.asked, 2, "it is silent")
        self.assertEqual(heart.due(), 10.0, "and looks again")
        for sign in (heart.show, lambda: heart.progress("x"), lambda: heart.begin("j")):
            clock[0] += 100
            sign()
            heart.beat(agent)
        self.assertEqual(agent.asked, 5)

    def test_names_are_checked(self):
        client = self.client(self.agent())
        for bad in ("", "Images", "a b", "x" * 65, "a/b", "w\n"):
            with self.assertRaises(ValueError):
                client.start(bad)
        before = os.environ.pop("SELFHEAL_WORKER", None)
        try:
            with self.assertRaisesRegex(ValueError, "SELFHEAL_WORKER"):
                client.start()
            os.environ["SELFHEAL_WORKER"] = "from-the-environment"
            client.start()
            self.assertEqual(client._heart.worker, "from-the-environment")
        finally:
            os.environ.pop("SELFHEAL_WORKER", None)
            if before is not None:
                os.environ["SELFHEAL_WORKER"] = before


class Asked:
    """An agent that counts, and says one thing."""

    def __init__(self, said=None):
        self.asked = 0
        self.said = said

    def ask(self, *arguments):
        self.asked += 1
        return self.said
