"""measure.py [SOCKET [SERVICE]]: what the client costs a worker. A measurement, no test.

Without SOCKET it runs a toy agent in a process of its own, which answers without thinking: what
is left is the client, the kernel, and the toy. With it, the real agent is asked.
"""

import asyncio
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time

import selfheal
from selfheal._wire import Answer

ROUNDS = 20_000
PERMIT = b'{"permit":"0123456789abcdef.42.7","expires_at":"2030-01-01T00:00:00Z","probe":false}'


def answer(status, body):
    return b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (status, len(body), body)


GRANTED = answer(201, PERMIT)
TAKEN = answer(200, b'{"receipts":[]}')


def serve(connection):
    """Requests come whole, or it reads on; the sizes are the client's own."""
    data = b""
    while True:
        more = connection.recv(1 << 20)
        if not more:
            return
        data += more
        head = data.find(b"\r\n\r\n")
        at = data.find(b"Content-Length: ")
        if head < 0 or len(data) < head + 4 + int(data[at + 16 : data.find(b"\r", at)]):
            continue
        connection.sendall(GRANTED if b"/permits HTTP" in data[:300] else TAKEN)
        data = b""


def toy(path, ready):
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    ready.set()
    while True:
        connection, _ = listening.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def told(what, times):
    times.sort()
    picked = [times[int(len(times) * share)] * 1e6 for share in (0.5, 0.9, 0.99, 0.999)]
    numbers = "".join(f"{one:10.1f}" for one in picked)
    print(f"{what:58}{numbers}{sum(times) / len(times) * 1e6:10.1f}", flush=True)


def timed(call, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return times


def echo(path):
    """The floor: the same bytes, without any client."""
    raw = socket.socket(socket.AF_UNIX)
    raw.connect(path)
    request = (
        b"POST /api/v1/services/s/permits HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
    )

    def once():
        raw.sendall(request)
        raw.recv(65536)

    times = timed(once)
    raw.close()
    return times


def guarded(client, service):
    def once():
        with client.service(service):
            pass

    return once


class Instant:
    """Connections on which every answer is there at once."""

    def exchange(self, places, request, deadline):
        asks = b"/permits HTTP" in request
        return Answer(201, b"HTTP/1.1 201 X", PERMIT) if asks else Answer(200, b"", b"{}")

    def close(self):
        pass


def alone():
    """The client without any agent, kernel or network."""
    client = selfheal.Client(socket="/nowhere")
    client._background.agent._lines = Instant()
    once = guarded(client, "s")
    timed(once, 2000)
    told("the client alone: permit and report", timed(once))
    client.close()


def with_threads(client, service, count):
    all_times = []

    def work():
        all_times.append(timed(guarded(client, service), ROUNDS // count))

    threads = [threading.Thread(target=work) for _ in range(count)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = sum(len(one) for one in all_times)
    rate = calls / (time.perf_counter() - begun)
    told(f"with service, {count} threads ({rate:,.0f}/s together)", sum(all_times, []))


async def in_asyncio(client, service):
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        async with client.service(service):
            pass
        times.append(time.perf_counter() - begun)
    return times


def away(folder):
    """Nobody there, and somebody who hangs."""
    client = selfheal.Client(socket=os.path.join(folder, "nobody"))
    first = timed(guarded(client, "s"), 1)
    told("no agent: the first call", first)
    told("no agent: further calls", timed(guarded(client, "s")))
    client.close()
    hanging = socket.socket(socket.AF_UNIX)
    hanging.bind(os.path.join(folder, "hangs"))
    hanging.listen(64)
    client = selfheal.Client(socket=os.path.join(folder, "hangs"))
    told("an agent that hangs: the first call", timed(guarded(client, "s"), 1))
    told("an agent that hangs: further calls", timed(guarded(client, "s")))
    times = []
    end = time.monotonic() + 5
    while time.monotonic() < end:
        times += timed(guarded(client, "s"), 10)
        time.sleep(0.005)
    told("an agent that hangs: calls over 5 s, while it is tried", times)
    client.close()
    hanging.close()


def calls(path, service):
    client = selfheal.Client(socket=path, limit=1.0)
    once = guarded(client, service)
    timed(once, 2000)
    told("with service: permit waited for, report in the background", timed(once))

    def both():
        once()
        client.flush()

    told("with service, and its report waited for", timed(both))
    with_threads(client, service, 8)
    told("async with service", asyncio.run(in_asyncio(client, service)))
    client.flush()
    print(client.stats())
    client.close()


def main():
    print(f"Python {sys.version.split()[0]}; microseconds of one call")
    print(f"{'':58}{'p50':>10}{'p90':>10}{'p99':>10}{'p99.9':>10}{'mean':>10}")
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            calls(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "openai")
            return
        path = os.path.join(folder, "toy")
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        process = context.Process(target=toy, args=(path, ready), daemon=True)
        process.start()
        ready.wait()
        alone()
        told("raw socket, no client: the floor of a permit", echo(path))
        calls(path, "s")
        process.terminate()
        away(folder)


if __name__ == "__main__":
    main()
