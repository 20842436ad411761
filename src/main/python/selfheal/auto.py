"""`import selfheal.auto` is all that a worker needs that the agent runs: heartbeats begin.

The name is SELFHEAL_WORKER, which the agent sets. Without it nothing is done.
"""

import os

from . import start

if os.environ.get("SELFHEAL_WORKER"):
    start()
