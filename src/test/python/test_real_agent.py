"""Against the agent itself, whose socket is in SELFHEAL_TEST_AGENT; run by PythonClientTest."""

import asyncio
import os
import unittest

from selfheal import PermitRefused
from selfheal._agent import Agent
from selfheal._attendant import Attendant
from toy_agent import AgentCase

SOCKET = os.environ.get("SELFHEAL_TEST_AGENT", "")


@unittest.skipUnless(SOCKET, "skipped: SELFHEAL_TEST_AGENT names no socket of an agent")
class RealAgentTest(AgentCase):
    def read(self, path):
        """What the agent says."""
        agent = Agent(SOCKET, 10.0, Attendant(lambda: None))
        self.addCleanup(agent.close)
        answer = agent.ask("GET", path)
        return answer.json() if answer is not None and answer.status == 200 else None

    def test_a_worker_announces_itself_with_its_jobs_and_progress(self):
        client = self.client(SOCKET)
        client.progress("page 3 of 10")
        with client.job("job-1"):
            client.start("announced")
            self.until(lambda: client.stats().heartbeats > 0, "a heartbeat that counts")
            worker = self.read("/api/v1/workers/announced")
        living = [one for one in worker["processes"] if one["process"] is not None]
        process = next(one for one in living if one["process"]["pid"] == os.getpid())
        self.assertEqual(process["jobs"], ["job-1"])
        self.assertEqual(process["progress"], "page 3 of 10")
        self.assertFalse(client.draining())

    def test_a_heartbeat_that_does_not_count_is_told_once(self):
        client = self.client(SOCKET)
        with self.assertLogs("selfheal", "WARNING") as log:
            client.start("w")  # this process is none of the worker w, which the agent runs
            self.until(lambda: log.output, "the refusal")
        self.assertIn("does not count", log.output[0])
        self.assertEqual(client.stats().heartbeats, 0)

    def test_what_is_odd_in_jobs_and_progress_is_taken(self):
        client = self.client(SOCKET)
        client.progress("\x1b[1m" + "\U0001f600" * 2000)
        with client.job("a\tb\0\ud800" + "\U0001f600" * 500), client.job(" "):
            client.start("announced")
            self.until(lambda: client.stats().heartbeats > 0, "a heartbeat that counts")

    def errors(self):
        events = self.read("/api/v1/events?types=error&limit=500")["events"]
        return [event["data"]["report"] for event in events]

    def test_errors_of_any_kind_are_taken_and_kept(self):
        client = self.client(SOCKET)

        class Odd(Exception):
            pass

        Odd.__qualname__ = "Odd\x1b" + "x" * 500
        long = Odd("\U0001f600\0\ud800\n" * 20_000)
        odd = {"\x01": 1, "k" * 500: "\0" * 5000, "\ud800": "\U0001f600" * 3000}
        with self.assertRaises(Odd), client.job("j-1"), client.operation("o\n", context=odd):
            raise long
        client.report_error(
            TimeoutError("late"), component="c\n", operation="\0", fingerprint="f", context={}
        )
        self.until(lambda: client.stats().errors_sent == 2, "both are taken")
        self.until(lambda: len(self.errors()) >= 2, "both are in the journal")
        kept = {error["type"][:12]: error for error in self.errors()}
        self.assertEqual(kept["TimeoutError"]["category"], "transient")

    def test_a_call_is_made_whatever_the_agent_knows_of_its_service(self):
        client = self.client(SOCKET)
        with self.assertLogs("selfheal", "WARNING"), client.service("not-configured") as call:
            self.assertFalse(call.guarded)

    def service(self, name):
        return self.read("/api/v1/services/" + name)

    def test_a_call_is_permitted_reported_and_paid(self):
        client = self.client(SOCKET)
        before = self.service("paid")
        with client.service("paid", cost=0.05) as call:
            self.assertTrue(call.guarded)
            held = self.service("paid")
            call.cost = 0.002
        self.until(
            lambda: self.service("paid")["counts"]["succeeded"] > before["counts"]["succeeded"],
            "the report",
        )
        self.assertEqual(held["budget"]["reserved"], 0.05)
        after = self.service("paid")
        self.assertEqual(after["budget"]["reserved"], 0)
        self.assertAlmostEqual(after["budget"]["spent"] - before["budget"]["spent"], 0.002)
        self.assertEqual(after["limits"]["open"], 0)

    def test_failures_open_the_breaker_and_say_where_to_go(self):
        client = self.client(SOCKET)
        for _ in range(3):
            with self.assertRaises(ConnectionRefusedError), client.service("failing"):
                raise ConnectionRefusedError
        self.until(
            lambda: self.service("failing")["breaker"]["state"] == "open", "the breaker opens"
        )
        with self.assertRaises(PermitRefused) as refused, client.service("failing"):
            self.fail("the call was made")
        self.assertEqual(refused.exception.reason, "breaker_open")
        self.assertEqual(refused.exception.alternative, "paid")
        self.assertGreater(refused.exception.retry_after, 0)
        answer = client.protect_external_call(
            "failing", lambda: self.fail("the call was made"), fallback=lambda why: "instead"
        )
        self.assertEqual(answer, "instead")

    def test_errors_of_the_callers_own_open_nothing(self):
        client = self.client(SOCKET)
        for _ in range(5):
            with self.assertRaises(ValueError), client.service("picky"):
                raise ValueError("wrong size")
        self.until(lambda: self.service("picky")["counts"]["neutral"] >= 5, "the reports")
        self.assertEqual(self.service("picky")["breaker"]["state"], "closed")

    def test_no_more_calls_at_once_than_are_allowed(self):
        client = self.client(SOCKET)
        with client.service("narrow"):
            with self.assertRaises(PermitRefused) as refused, client.service("narrow"):
                self.fail("the call was made")
            self.assertEqual(refused.exception.reason, "bulkhead_full")

    def test_an_async_call_is_guarded_likewise(self):
        client = self.client(SOCKET)

        async def call():
            async with client.service("paid", cost=0.001) as call:
                return call.guarded

        self.assertTrue(asyncio.run(call()))
