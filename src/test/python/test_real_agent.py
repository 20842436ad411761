"""Against the agent itself, whose socket is in SELFHEAL_TEST_AGENT; run by PythonClientTest."""

import os
import unittest

from selfheal._agent import Agent
from selfheal._attendant import Attendant
from toy_agent import AgentCase

SOCKET = os.environ.get("SELFHEAL_TEST_AGENT", "")


@unittest.skipUnless(SOCKET, "skipped: SELFHEAL_TEST_AGENT names no socket of an agent")
class RealAgentTest(AgentCase):
    def worker(self, name):
        """What the agent says of a worker."""
        agent = Agent(SOCKET, 10.0, Attendant(lambda: None))
        self.addCleanup(agent.close)
        answer = agent.ask("GET", "/api/v1/workers/" + name)
        return answer.json() if answer is not None and answer.status == 200 else None

    def test_a_worker_announces_itself_with_its_jobs_and_progress(self):
        client = self.client(SOCKET)
        client.progress("page 3 of 10")
        with client.job("job-1"):
            client.start("announced")
            self.until(lambda: client.stats().heartbeats > 0, "a heartbeat that counts")
            worker = self.worker("announced")
        process = worker["processes"][0]
        self.assertEqual(process["process"]["pid"], os.getpid())
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

    def test_a_call_is_made_whatever_the_agent_knows_of_its_service(self):
        client = self.client(SOCKET)
        with self.assertLogs("selfheal", "WARNING"), client.service("not-configured") as call:
            self.assertFalse(call.guarded)
