"""What a worker says to its Selfheal agent: signs of life, calls of services, errors.

    import selfheal

    selfheal.start("images")                      # heartbeats, in the background

    with selfheal.service("openai") as call:      # asks before, reports after
        answer = ask_openai()
        call.cost = price(answer)

Nothing here fails or waits because of the agent: while it is away, calls are made unguarded, after
at most 50 ms once and no wait at all until it is back. Only PermitRefused is raised, when the agent
says that a call must not be made.
"""

from ._call import Call
from ._classify import Classified, classify
from ._client import Client, Stats
from ._operations import Operation, Timing
from ._refusal import PermitRefused

# The module's own client: one is enough for a process.
client = Client()

start = client.start
alive = client.alive
progress = client.progress
job = client.job
draining = client.draining
service = client.service
protect_external_call = client.protect_external_call
protect_external_call_async = client.protect_external_call_async
operation = client.operation
with_error_handling = client.with_error_handling
report_error = client.report_error
timings = client.timings
stats = client.stats
flush = client.flush

__all__ = [
    "Call",
    "Classified",
    "Client",
    "Operation",
    "PermitRefused",
    "Stats",
    "Timing",
    "alive",
    "classify",
    "client",
    "draining",
    "flush",
    "job",
    "operation",
    "progress",
    "protect_external_call",
    "protect_external_call_async",
    "report_error",
    "service",
    "start",
    "stats",
    "timings",
    "with_error_handling",
]
