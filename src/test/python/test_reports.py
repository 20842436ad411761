"""What waits to be sent: in batches, bounded, counted, and not lost at the end."""

import os
import subprocess
import sys
import threading

from toy_agent import AgentCase, Cut, Hang, reply, well


class ReportsTest(AgentCase):
    def calls(self, client, count):
        for _ in range(count):
            with client.service("s"):
                pass

    def test_what_gathers_while_the_agent_is_slow_goes_in_one_batch(self):
        go = threading.Event()
        self.addCleanup(go.set)

        def slow(request):
            if request.path.endswith("/reports"):
                go.wait()
            return well(request)

        agent = self.agent(slow)
        client = self.client(agent)
        self.calls(client, 1)
        agent.until("/reports")
        self.calls(client, 600)
        go.set()
        agent.reported(601)
        sizes = [len(one.body["reports"]) for one in agent.all("/reports")]
        self.assertLessEqual(max(sizes), 500)
        self.assertLessEqual(len(sizes), 3)
        self.until(lambda: client.stats().reports_sent == 601, "all are counted as sent")

    def test_reports_are_sent_again_when_the_answer_was_lost(self):
        answers = [Cut(b"HTTP/1.1 2")]

        def loses_one(request):
            if request.path.endswith("/reports") and answers:
                return answers.pop()
            return well(request)

        agent = self.agent(loses_one)
        client = self.client(agent)
        self.calls(client, 1)
        first, second = agent.until("/reports", 2)
        self.assertEqual(first.body, second.body)
        self.until(lambda: client.stats().reports_sent == 1, "it is counted once")

    def test_a_busy_agent_is_offered_them_again(self):
        answers = [reply(503, {}), reply(429, {})]

        def busy(request):
            if request.path.endswith("/reports") and answers:
                return answers.pop()
            return well(request)

        agent = self.agent(busy)
        client = self.client(agent)
        self.calls(client, 1)
        agent.until("/reports", 3)
        self.until(lambda: client.stats().reports_sent == 1, "it is sent")
        self.assertEqual(client.stats().reports_dropped, 0)

    def test_one_that_the_agent_refuses_does_not_spoil_the_others(self):
        go = threading.Event()

        def picky(request):
            if request.path.endswith("/bad/permits"):
                return reply(201, {"permit": "bad"})
            if request.path.endswith("/reports"):
                go.wait(20)
                if any(one["permit"] == "bad" for one in request.body["reports"]):
                    return reply(400, {"detail": "no such permit"})
            return well(request)

        agent = self.agent(picky)
        client = self.client(agent)
        with self.assertLogs("selfheal", "WARNING") as log:
            self.calls(client, 1)
            agent.until("/reports")
            self.calls(client, 2)
            with client.service("bad"):
                pass
            self.calls(client, 2)
            go.set()
            self.until(lambda: client.stats().reports_sent == 5, "the good ones are sent")
            self.until(lambda: client.stats().reports_dropped == 1, "the bad one is counted")
        self.assertEqual(len(log.output), 1)

    def test_the_oldest_give_way_and_are_counted(self):
        agent = self.agent(lambda one: Hang() if one.path.endswith("/reports") else well(one))
        client = self.client(agent, most_reports=10)
        self.calls(client, 1)
        agent.until("/reports")
        self.calls(client, 25)
        stats = client.stats()
        self.assertLessEqual(stats.reports_waiting, 10)
        self.assertEqual(stats.reports_waiting + stats.reports_dropped, 25)

    def test_an_agent_without_the_route_is_told_once_and_counted(self):
        agent = self.agent(lambda one: reply(404, {}) if "errors" in one.path else well(one))
        client = self.client(agent)
        with self.assertLogs("selfheal", "WARNING") as log:
            for number in range(3):
                client.report_error(ValueError(number))
                self.until(lambda: client.stats().errors_dropped == number + 1, "it is counted")
        self.assertEqual(len(log.output), 1)

    def worker(self, agent_path, code):
        """A worker's whole life, in a process of its own."""
        program = (
            "import os, sys, threading, time\n"
            "from selfheal import Client\n"
            "selfheal = Client(limit=10.0)\n"
        ) + code
        environment = dict(os.environ, SELFHEAL_SOCKET=agent_path, PYTHONDONTWRITEBYTECODE="1")
        environment.pop("SELFHEAL_WORKER", None)
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_what_waits_at_the_end_of_the_program_is_sent(self):
        agent = self.agent()
        ended = self.worker(
            agent.path,
            "for number in range(700):\n"
            "    with selfheal.service('s'): pass\n"
            "selfheal.report_error(ValueError('the last word'))\n",
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(len(agent.reported(700)), 700)
        told = agent.until("/errors/batch")[0].body["errors"][0]
        self.assertEqual(told["message"], "the last word")

    def test_an_agent_that_hangs_at_the_end_holds_nobody(self):
        agent = self.agent(lambda one: Hang() if one.path.endswith("/reports") else well(one))
        ended = self.worker(
            agent.path,
            "with selfheal.service('s'): pass\n"
            "begun = time.monotonic()\n"
            "selfheal.close()\n"
            "print(selfheal.stats().reports_dropped, time.monotonic() - begun < 5)\n",
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(ended.stdout.split(), ["1", "True"])

    def test_a_program_that_fails_fails_as_it_would(self):
        agent = self.agent()
        ended = self.worker(agent.path, "with selfheal.service('s'): sys.exit(7)\n")
        self.assertEqual((ended.returncode, ended.stderr), (7, ""))
        self.assertEqual(agent.reported()[0]["outcome"], "ignored")

    def test_without_any_agent_a_worker_does_all_it_would(self):
        ended = self.worker(
            "off",
            "selfheal.start('w')\n"
            "with selfheal.job(1), selfheal.operation('o'), selfheal.service('s') as call:\n"
            "    print(call.guarded)\n"
            "selfheal.report_error(ValueError(1))\n"
            "print(threading.active_count())\n",
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual(ended.stdout.split(), ["False", "1"])
