"""An agent that is not there, hangs, speaks nonsense, or vanishes: calls go on."""

import os
import socket
import threading
import time

from toy_agent import AgentCase, Cut, Hang, reply, well

# What a call may take that must not wait: far more than 50 ms, and far less than for ever.
FAR = 5.0


def permits_by(answer):
    return lambda request: answer if request.path.endswith("/permits") else well(request)


class AwayTest(AgentCase):
    def unguarded(self, client, calls=1):
        begun = time.monotonic()
        for _ in range(calls):
            with client.service("s") as call:
                self.assertFalse(call.guarded)
        self.assertLess(time.monotonic() - begun, FAR)

    def guarded_again(self, client):
        def guarded():
            with client.service("s") as call:
                return call.guarded

        self.until(guarded, "a guarded call")

    def test_no_socket_at_all_and_then_an_agent(self):
        path = os.path.join(self.folder(), "a.sock")
        client = self.client(path)
        self.unguarded(client, 1000)
        self.assertEqual(client.stats().unguarded_calls, 1000)
        self.agent(well, path)
        self.guarded_again(client)

    def test_a_socket_without_a_listener(self):
        path = os.path.join(self.folder(), "a.sock")
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(path)
        self.unguarded(self.client(path), 100)

    def test_a_file_that_is_no_socket(self):
        path = os.path.join(self.folder(), "a.sock")
        with open(path, "w", encoding="ascii"):
            pass
        self.unguarded(self.client(path), 100)

    def test_a_path_that_is_too_long(self):
        self.unguarded(self.client("/tmp/" + "x" * 200), 100)

    def test_a_listener_that_never_accepts(self):
        path = os.path.join(self.folder(), "a.sock")
        with socket.socket(socket.AF_UNIX) as deaf:
            deaf.bind(path)
            deaf.listen(0)
            self.unguarded(self.client(path, limit=0.05), 100)

    def test_one_that_hangs_is_waited_for_once(self):
        agent = self.agent(lambda request: Hang())
        client = self.client(agent, limit=0.05)
        self.unguarded(client, 1000)
        self.assertLessEqual(len(agent.all("/permits")), 1)
        agent.until("/health/live")

    def test_one_that_trickles_is_waited_for_once(self):
        slow = threading.Event()
        self.addCleanup(slow.set)

        def drops(request):
            for byte in reply(201, {"permit": "p"}):
                yield bytes([byte])
                slow.wait(0.02)

        agent = self.agent(drops)
        client = self.client(agent, limit=0.05)
        self.unguarded(client, 100)
        self.assertLessEqual(len(agent.all("/permits")), 1)

    def test_nonsense_and_half_answers(self):
        whole = reply(201, {"permit": "p"})
        for bad in (
            b"220 smtp ready\r\n",
            b"HTTP/1.1 201 Created\r\n\r\n",
            whole + b"more",
            Cut(b""),
            Cut(whole[:10]),
            Cut(whole[:-3]),
            Cut(os.urandom(500)),
        ):
            with self.subTest(bytes(bad)[:40]):
                client = self.client(self.agent(permits_by(bad)))
                self.unguarded(client, 3)

    def test_after_nonsense_it_is_asked_again_when_its_health_answers(self):
        answers = [b"nonsense, and no more of it\r\n"]
        agent = self.agent(
            lambda request: (
                answers.pop() if answers and request.path.endswith("/permits") else well(request)
            )
        )
        client = self.client(agent)
        self.unguarded(client)
        self.guarded_again(client)

    def test_a_restart_between_two_calls_is_not_noticed(self):
        path = os.path.join(self.folder(), "a.sock")
        first = self.agent(well, path)
        client = self.client(path)
        with client.service("s") as call:
            self.assertTrue(call.guarded)
        self.until(lambda: client.stats().reports_sent == 1, "nothing is under way")
        first.vanish()
        os.unlink(path)
        second = self.agent(well, path)
        with client.service("s") as call:
            self.assertTrue(call.guarded)
        self.assertEqual(len(second.all("/permits")), 1)

    def test_an_agent_that_vanishes_and_comes_back(self):
        path = os.path.join(self.folder(), "a.sock")
        first = self.agent(well, path)
        client = self.client(path)
        self.guarded_again(client)
        first.vanish()
        self.unguarded(client, 100)
        os.unlink(path)
        self.agent(well, path)
        self.guarded_again(client)

    def test_going_and_coming_are_told_once_each_and_quietly(self):
        path = os.path.join(self.folder(), "a.sock")
        client = self.client(path)
        with self.assertLogs("selfheal", "DEBUG") as log:
            self.unguarded(client, 10)
            self.agent(well, path)
            self.guarded_again(client)
        self.assertEqual([line.split(":")[0] for line in log.output], ["INFO", "INFO"])

    def test_many_threads_lose_it_together(self):
        agent = self.agent(lambda request: Hang())
        client = self.client(agent, limit=0.05)
        threads = [threading.Thread(target=self.unguarded, args=(client, 50)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual(len(agent.all("/permits")), 16)
        self.assertEqual(client.stats().unguarded_calls, 800)

    def test_a_connection_that_the_agent_ends_is_not_used_again(self):
        agent = self.agent(
            permits_by(reply(201, {"permit": "p"}, "Connection: close")),
        )
        client = self.client(agent)
        for _ in range(3):
            with client.service("s") as call:
                self.assertTrue(call.guarded)
        self.assertEqual(len({one.connection for one in agent.all("/permits")}), 3)
