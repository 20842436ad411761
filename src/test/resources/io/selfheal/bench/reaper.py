"""reaper.py PROGRAM ARGUMENT...: runs a program, and reaps what it leaves behind, as an init does.

Where the first process of a container is slow to reap, or does not, a worker of a supervisor that
is not its parent would stay a zombie for seconds: that would be the container's fault.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36

if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("this process cannot reap what its child leaves behind")
child = subprocess.Popen(sys.argv[1:])
signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
while True:
    pid, _ = os.wait()
    if pid == child.pid:
        break
