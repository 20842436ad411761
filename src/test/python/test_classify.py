"""The kinds of errors, by what exceptions of many libraries look like."""

import email.message
import errno
import json
import socket
import ssl
import time
import unittest
import urllib.error

from selfheal import classify
from selfheal import _faults


def like(name, bases=(Exception,), **attributes):
    """An exception as some library has it."""
    return type(name, bases, attributes)("told")


NAMES = "response status code orig sqlstate errno reason headers retry_after retryable".split()
NO_HEADERS = email.message.Message()


class Holder:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)


def answered(status, headers=None):
    return Holder(status_code=status, headers=headers or {})


def boto(code, status):
    return like(
        "ClientError",
        response={"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},
    )


def grpc(name):
    return like("RpcError", code=lambda self: Holder(name=name))


class ClassifyTest(unittest.TestCase):
    def test_by_http_status(self):
        kinds = {
            "validation": (400, 405, 406, 412, 413, 415, 418, 422),
            "permanent": (401, 403, 404, 410, 501, 505),
            "transient": (408, 409, 425, 500, 502, 503, 504, 520, 599),
            "resource": (402, 429, 507, 529),
        }
        for category, statuses in kinds.items():
            for status in statuses:
                for error in (
                    like("HTTPStatusError", response=answered(status)),  # requests, httpx
                    like("APIStatusError", status_code=status),  # openai, anthropic
                    like("ClientResponseError", status=status),  # aiohttp
                    urllib.error.HTTPError("http://x", status, "told", NO_HEADERS, None),
                    boto("X", status),
                ):
                    with self.subTest(type(error).__name__, status=status):
                        known = classify(error)
                        self.assertEqual((known.category, known.status), (category, status))

    def test_by_sqlstate_and_grpc(self):
        for state, category in {
            "40001": "transient",
            "40P01": "transient",
            "08006": "transient",
            "57P01": "transient",
            "55P03": "transient",
            "57014": "transient",
            "53300": "resource",
            "53100": "resource",
            "22P02": "validation",
            "23505": "validation",
            "42P01": "permanent",
            "28P01": "permanent",
            "3D000": "permanent",
            "58030": "permanent",
            "XX001": "permanent",
            "0A000": None,
        }.items():
            for error in (
                like("OperationalError", sqlstate=state),  # psycopg, asyncpg
                like("OperationalError", pgcode=state),  # psycopg2
                like("DBAPIError", orig=like("E", pgcode=state), code="e3q8"),  # SQLAlchemy
            ):
                with self.subTest(state):
                    known = classify(error)
                    self.assertEqual((known.category, known.code), (category, state))
        for name, category in {
            "UNAVAILABLE": "transient",
            "DEADLINE_EXCEEDED": "transient",
            "RESOURCE_EXHAUSTED": "resource",
            "INVALID_ARGUMENT": "validation",
            "PERMISSION_DENIED": "permanent",
        }.items():
            known = classify(grpc(name))
            self.assertEqual((known.category, known.code), (category, name))

    def test_by_type_and_errno(self):
        try:
            json.loads("{")
        except ValueError as failure:
            no_json = failure
        for error, category in (
            (ConnectionRefusedError(errno.ECONNREFUSED, "x"), "transient"),
            (ConnectionResetError(), "transient"),
            (BrokenPipeError(errno.EPIPE, "x"), "transient"),
            (OSError(errno.EHOSTUNREACH, "x"), "transient"),
            (TimeoutError(), "transient"),
            (socket.timeout("x"), "transient"),
            (socket.gaierror(socket.EAI_AGAIN, "x"), "transient"),
            (socket.gaierror(socket.EAI_NONAME, "x"), "permanent"),
            (like("ReadTimeout", (like("Timeout").__class__,)), "transient"),  # requests
            (like("ReadTimeout", (like("TimeoutException").__class__,)), "transient"),  # httpx
            (like("ConnectError", (like("NetworkError").__class__,)), "transient"),  # httpx
            (like("APITimeoutError"), "transient"),
            (OSError(errno.ENOSPC, "x"), "resource"),
            (OSError(errno.EMFILE, "x"), "resource"),
            (MemoryError(), "resource"),
            (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB"), "resource"),
            (PermissionError(errno.EACCES, "x"), "permanent"),
            (FileNotFoundError(errno.ENOENT, "x"), "permanent"),
            (ssl.SSLCertVerificationError(1, "certificate verify failed"), "permanent"),
            (ModuleNotFoundError("x"), "permanent"),
            (ValueError("x"), "validation"),
            (KeyError("x"), "validation"),
            (TypeError("x"), "validation"),
            (no_json, "validation"),
            (Exception("x"), None),
            (RuntimeError("x"), None),
            (OSError("x"), None),
        ):
            with self.subTest(repr(error)):
                self.assertEqual(classify(error).category, category)

    def test_what_is_more_exact_comes_first(self):
        wish = like("E", retryable=True, response=answered(400))
        self.assertEqual(classify(wish).category, "transient")
        self.assertEqual(classify(like("E", retryable=False, status=503)).category, "permanent")
        quota = like("RateLimitError", status_code=429, code="insufficient_quota")
        known = classify(quota)
        self.assertEqual((known.category, known.code), ("resource", "insufficient_quota"))
        self.assertEqual(classify(like("E", (TimeoutError,), status=404)).category, "permanent")

    def test_a_cause_tells_what_the_exception_does_not(self):
        outer = Exception("the job failed")
        outer.__cause__ = like("E", response=answered(503, {"Retry-After": "4"}))
        known = classify(outer)
        self.assertEqual((known.category, known.status, known.retry_after), ("transient", 503, 4.0))
        loop = Exception("a")
        loop.__cause__ = Exception("b")
        loop.__cause__.__cause__ = loop
        self.assertIsNone(classify(loop).category)

    def test_what_keeps_a_service_from_being_reached_is_looked_for_below(self):
        certificate = ssl.SSLCertVerificationError(1, "certificate verify failed")
        unknown = socket.gaierror(socket.EAI_NONAME, "x")
        busy = socket.gaierror(socket.EAI_AGAIN, "x")
        kinds = ((certificate, "permanent"), (unknown, "permanent"), (busy, "transient"))
        for below, category in kinds:
            by_urllib = urllib.error.URLError(below)
            by_cause = like("ConnectError", (ConnectionError,))  # httpx, openai
            by_cause.__cause__ = like("Inner")
            by_cause.__cause__.__cause__ = below
            by_context = like("SSLError", (ConnectionError,))  # requests
            by_context.__context__ = below
            by_argument = ConnectionError(below)  # httpcore
            for error in (below, by_urllib, by_cause, by_context, by_argument):
                with self.subTest(repr(error), below=repr(below)):
                    self.assertEqual(classify(error).category, category)
        refused = urllib.error.URLError(ConnectionRefusedError())
        self.assertEqual(classify(refused).category, "transient")
        handled = KeyError("of the worker's own handling")
        handled.__context__ = certificate
        self.assertEqual(classify(handled).category, "validation")

    def test_a_database_that_is_not_reached_has_no_sqlstate(self):
        self.assertEqual(classify(like("OperationalError", sqlstate=None)).category, "transient")
        self.assertIsNone(classify(like("OperationalError")).category, "sqlite has it for anything")

    def test_how_long_to_wait(self):
        now = 1_700_000_000.0
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now + 90))
        past = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now - 90))
        message = email.message.Message()
        message["Retry-After"] = "12"
        for error, seconds in (
            (like("E", retry_after=2), 2.0),
            (like("E", response=answered(429, {"Retry-After": "7"})), 7.0),
            (like("E", response=answered(429, {"retry-after": "7.5"})), 7.5),
            (like("E", response=answered(429, {"retry-after-ms": "250"})), 0.25),
            (like("E", response=answered(503, {"Retry-After": date})), 90.0),
            (like("E", response=answered(503, {"Retry-After": past})), 0.0),
            (like("E", headers=message), 12.0),
            (like("E", response=answered(503, {"Retry-After": "later"})), None),
            (like("E", response=answered(503, {"Retry-After": "-1"})), None),
            (like("E", response=answered(503, {"Retry-After": "nan"})), None),
            (like("E", retry_after=float("inf")), _faults.LONGEST_WAIT),
            (like("E", retry_after=True), None),
            (Exception(), None),
        ):
            with self.subTest(vars(type(error))):
                self.assertEqual(_faults.retry_after(error, lambda: now), seconds)

    def test_exceptions_that_fight_back_are_survived(self):
        def fails(self):
            raise RuntimeError("no")

        nasty = type(
            "Nasty",
            (Exception,),
            {name: property(fails) for name in NAMES},
        )()
        self.assertEqual(classify(nasty), (None, None, None, None))
        mute = type("Mute", (Exception,), {"__str__": fails})()
        self.assertIn("RuntimeError", _faults.text(mute))
