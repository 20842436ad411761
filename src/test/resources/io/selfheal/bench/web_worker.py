"""web_worker.py DIRECTORY NAME ADDRESS PORT: a worker that answers every request over HTTP.

It says its pid when it does. After SIGUSR1 it answers no more, and lives on.
"""

import os
import signal
import socket
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


def hang(*_):
    while True:
        time.sleep(3600)


directory, name, address, port = sys.argv[1:]
# By this the benchmark knows it.
os.chdir(directory)
signal.signal(signal.SIGUSR1, hang)
server = socket.create_server((address, int(port)))
with open(f"{directory}/{name}.new", "w", encoding="ascii") as file:
    file.write(f"{os.getpid()}\n")
os.rename(f"{directory}/{name}.new", f"{directory}/{name}.pid")
while True:
    connection, _ = server.accept()
    with connection:
        try:
            connection.settimeout(1)
            connection.recv(4096)
            connection.sendall(ANSWER)
        except OSError:
            pass
