"""An agent of the tests: real HTTP over a real Unix socket, and all the ways to do it badly."""

import json
import logging
import os
import socket
import tempfile
import threading
import unittest

import selfheal

# What a test does not look at is not printed among the results.
logging.getLogger("selfheal").addHandler(logging.NullHandler())

# No test waits so long unless it fails.
PATIENCE = 20.0


class Request:
    """One that came. connection: which of the agent's connections it came on, from 1."""

    def __init__(self, head, body, connection):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, self.version = first.split(" ")
        self.headers = dict(line.lower().split(": ", 1) for line in lines)
        self.body = json.loads(body) if body else None
        self.connection = connection


class Cut(bytes):
    """Bytes after which the agent vanishes."""


class Hang:
    """No answer, while the connection stays."""


def reply(status, body=None, *headers):
    """A proper answer."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(content)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


class ToyAgent:
    """Answers each request by a function of it: bytes, Cut, Hang, or several of these in turn.

    With path None there is a socket in a folder of its own.
    """

    def __init__(self, answer, path=None):
        self.folder = None if path else tempfile.TemporaryDirectory()
        self.path = path or os.path.join(self.folder.name, "selfheal.sock")
        self.answer = answer
        self.requests = []
        self.came = threading.Condition()
        self._connections = []
        self._over = threading.Event()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(self.path)
        self._listening.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            if self._over.is_set():
                connection.close()
                return
            self._connections.append(connection)
            number = len(self._connections)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection, number):
        data = b""
        with connection:
            while True:
                try:
                    request, data = self._read(connection, data, number)
                    if request is None or not self._say(connection, request):
                        return
                except OSError:
                    return

    def _read(self, connection, data, number):
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return None, b""
            data += more
        head, _, rest = data.partition(b"\r\n\r\n")
        length = int(Request(head, b"", number).headers.get("content-length", 0))
        while len(rest) < length:
            more = connection.recv(65536)
            if not more:
                return None, b""
            rest += more
        return Request(head, rest[:length], number), rest[length:]

    def _say(self, connection, request):
        """False when the connection ends."""
        with self.came:
            self.requests.append(request)
            self.came.notify_all()
        answer = self.answer(request)
        for part in [answer] if isinstance(answer, (bytes, Hang)) else answer:
            if isinstance(part, Hang):
                self._over.wait()
                return False
            connection.sendall(part)
            if isinstance(part, Cut):
                return False
        return True

    def all(self, path_end):
        """Those that came whose path ends so."""
        with self.came:
            return [one for one in self.requests if one.path.endswith(path_end)]

    def until(self, path_end, count=1, fits=lambda request: True):
        """Waits for so many requests; gives them."""

        def found():
            return [one for one in self.requests if one.path.endswith(path_end) and fits(one)]

        with self.came:
            if not self.came.wait_for(lambda: len(found()) >= count, PATIENCE):
                seen = [(one.path, one.body) for one in self.requests]
                raise AssertionError(f"{count} of {path_end} did not come, but {seen}")
            return found()

    def reported(self, count=1):
        """Waits for so many reports; gives them."""
        path = "/permits/reports"

        def reports():
            return [
                report
                for one in self.requests
                if one.path.endswith(path)
                for report in one.body["reports"]
            ]

        with self.came:
            if not self.came.wait_for(lambda: len(reports()) >= count, PATIENCE):
                raise AssertionError(f"{count} reports did not come, but {reports()}")
            return reports()

    def vanish(self):
        """As if it were killed: its socket's file stays."""
        self._over.set()
        for connection in [self._listening, *self._connections]:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def close(self):
        self.vanish()
        if self.folder is not None:
            self.folder.cleanup()


def well(request):
    """An agent that is well: it grants, takes reports, hears heartbeats."""
    if request.path.endswith("/permits"):
        return reply(201, {"permit": "p1", "expires_at": "2030-01-01T00:00:00Z", "probe": False})
    if request.path.endswith("/reports"):
        return reply(200, {"receipts": [{"counted": True} for _ in request.body["reports"]]})
    if request.path.endswith("/heartbeat"):
        return reply(200, {"accepted": True, "every_ms": 10_000, "drain": False})
    if request.path.endswith("/errors/batch"):
        return reply(200, {"errors": []})
    return reply(200, {})


class AgentCase(unittest.TestCase):
    """A test that has agents and clients, which end with it."""

    def agent(self, answer=well, path=None):
        agent = ToyAgent(answer, path)
        self.addCleanup(agent.close)
        return agent

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name

    def client(self, agent, limit=5.0, **more):
        """Its limit is long: a slow machine must not look like an agent that is away."""
        path = agent if isinstance(agent, str) else agent.path
        client = selfheal.Client(socket=path, limit=limit, **more)
        self.addCleanup(client.close)
        return client

    def until(self, holds, what):
        """Waits until something holds that nothing tells of."""
        patient = threading.Event()
        for _ in range(int(PATIENCE / 0.002)):
            if holds():
                return
            patient.wait(0.002)
        raise AssertionError("not seen: " + what)
