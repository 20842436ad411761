"""Forks: the child is a process of the same worker, with its own connections and its own words."""

import os
import subprocess
import sys

from toy_agent import AgentCase, well


class ForksTest(AgentCase):
    def worker(self, agent, code):
        program = (
            "import os, sys, multiprocessing, threading, time, warnings\n"
            "from selfheal import Client\n"
            "selfheal = Client(limit=10.0)\n"
            "def child(code):\n"
            "    pid = os.fork()\n"
            "    if pid == 0:\n"
            "        try:\n"
            "            code()\n"
            "            selfheal.flush()\n"
            "            os._exit(0)\n"
            "        finally:\n"
            "            os._exit(1)\n"
            "    assert os.waitpid(pid, 0)[1] == 0\n"
            "def call(name):\n"
            "    with selfheal.service(name) as call:\n"
            "        assert call.guarded\n"
        ) + code
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            env=dict(os.environ, SELFHEAL_SOCKET=agent.path, PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        return ended.stdout.split()

    def test_parent_and_child_do_not_share_a_connection(self):
        agent = self.agent()
        self.worker(
            agent,
            "call('parent')\n"
            "child(lambda: call('child'))\n"
            "call('parent')\n",
        )
        by_parent = {one.connection for one in agent.all("/parent/permits")}
        by_child = {one.connection for one in agent.all("/child/permits")}
        self.assertEqual(by_parent & by_child, set())
        self.assertEqual(len(agent.reported(3)), 3)

    def test_what_waits_is_sent_by_the_parent_alone(self):
        agent = self.agent()
        self.worker(
            agent,
            "for number in range(50): call('s')\n"
            "child(lambda: call('s'))\n",
        )
        agent.reported(51)
        self.assertEqual(len(agent.reported(51)), 51)

    def test_heartbeats_go_on_with_the_pid_of_the_child(self):
        agent = self.agent()
        told = self.worker(
            agent,
            "selfheal.start('w')\n"
            "while selfheal.stats().heartbeats == 0: time.sleep(0.001)\n"
            "def work():\n"
            "    print(os.getpid(), flush=True)\n"
            "    while selfheal.stats().heartbeats == 0: time.sleep(0.001)\n"
            "with selfheal.job('7'): child(work)\n"
            "print(os.getpid())\n",
        )
        beats = {one.body["pid"]: one.body for one in agent.all("/heartbeat")}
        self.assertEqual({str(pid) for pid in beats}, set(told))
        self.assertEqual(beats[int(told[0])]["jobs"], [], "the job is the parent's")

    def test_forks_beside_busy_threads(self):
        agent = self.agent(well)
        self.worker(
            agent,
            "warnings.simplefilter('ignore')  # of forking beside threads: they are ours here\n"
            "over = threading.Event()\n"
            "def busy():\n"
            "    while not over.is_set(): call('s')\n"
            "threads = [threading.Thread(target=busy) for _ in range(4)]\n"
            "for thread in threads: thread.start()\n"
            "for _ in range(20): child(lambda: call('child'))\n"
            "over.set()\n"
            "for thread in threads: thread.join()\n",
        )
        self.assertEqual(len(agent.all("/child/permits")), 20)

    def test_processes_of_multiprocessing_send_what_waits_when_they_end(self):
        agent = self.agent()
        self.worker(
            agent,
            "selfheal.start('w')\n"
            "context = multiprocessing.get_context('fork')\n"
            "processes = [context.Process(target=call, args=('s',)) for _ in range(3)]\n"
            "for process in processes: process.start()\n"
            "for process in processes: process.join()\n"
            "assert [process.exitcode for process in processes] == [0, 0, 0]\n",
        )
        self.assertEqual(len(agent.reported(3)), 3)
