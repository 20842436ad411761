"""Calls of services: what is asked, what is reported, what is refused."""

import threading
from decimal import Decimal

import selfheal
from toy_agent import AgentCase, reply, well


def refusing(body, *headers, status=503):
    return lambda request: (
        reply(status, body, *headers) if request.path.endswith("/permits") else well(request)
    )


class Provider(Exception):
    status_code = 429
    retry_after = 2.5


class CallTest(AgentCase):
    def test_a_call_is_asked_for_and_reported(self):
        agent = self.agent()
        client = self.client(agent)
        with client.service("open ai/1", cost=0.5, tokens=300, retry=True) as call:
            self.assertTrue(call.guarded)
            self.assertFalse(call.probe)
            call.cost = Decimal("0.25")
        asked = agent.until("/permits")[0]
        self.assertEqual(asked.method, "POST")
        self.assertEqual(asked.path, "/api/v1/services/open%20ai%2F1/permits")
        self.assertEqual(asked.body, {"cost": 0.5, "tokens": 300, "retry": True})
        report = agent.reported()[0]
        self.assertGreaterEqual(report.pop("duration_ms"), 0)
        self.assertEqual(report, {"permit": "p1", "outcome": "success", "cost": 0.25})
        self.assertEqual(client.stats().unguarded_calls, 0)

    def test_an_exception_is_a_failure_with_what_is_known_of_it(self):
        agent = self.agent()
        with self.assertRaises(Provider), self.client(agent).service("s"):
            raise Provider("slow down")
        report = agent.reported()[0]
        self.assertEqual(report["outcome"], "failure")
        self.assertEqual(
            report["error"],
            {
                "category": "resource",
                "status": 429,
                "message": "Provider: slow down",
                "retry_after_ms": 2500,
            },
        )
        self.assertIsInstance(report["duration_ms"], int)

    def test_an_error_that_cannot_be_described_is_not_replaced(self):
        class Nasty(Exception):
            @property
            def args(self):
                raise RuntimeError("of the exception itself")

        agent = self.agent()
        client = self.client(agent)
        with self.assertRaises(Nasty), client.operation("o"), client.service("s"):
            raise Nasty
        self.assertEqual(agent.reported()[0]["outcome"], "failure")

    def test_failures_without_an_exception(self):
        agent = self.agent()
        client = self.client(agent)
        with client.service("s") as call:
            call.failed(503, retry_after=1.5)
        with client.service("s") as call:
            call.failed("an empty answer")
        with client.service("s") as call:
            call.failed(TimeoutError("late"))
        errors = [report["error"] for report in agent.reported(3)]
        self.assertEqual(errors[0], {"status": 503, "retry_after_ms": 1500})
        self.assertEqual(errors[1], {"message": "an empty answer"})
        self.assertEqual(errors[2], {"category": "transient", "message": "TimeoutError: late"})

    def test_what_says_nothing_of_the_service_is_ignored(self):
        agent = self.agent()
        client = self.client(agent)
        refused = selfheal.PermitRefused("other", "breaker_open")
        for ending in (KeyboardInterrupt, SystemExit, refused):
            with self.assertRaises(BaseException), client.service("s"):
                raise ending
        with client.service("s") as call:
            call.ignore()
        for report in agent.reported(4):
            self.assertEqual(report["outcome"], "ignored")
            self.assertNotIn("error", report)

    def test_a_refusal_says_all(self):
        agent = self.agent(
            refusing(
                {
                    "reason": "breaker_open",
                    "alternative": "anthropic",
                    "detail": "5 failures in a row",
                    "retry_after_ms": 1500,
                },
                "Retry-After: 2",
            )
        )
        ran = []
        with self.assertRaises(selfheal.PermitRefused) as caught:
            with self.client(agent).service("openai"):
                ran.append(1)
        refused = caught.exception
        self.assertEqual(ran, [])
        self.assertEqual(
            (refused.service, refused.reason, refused.retry_after, refused.alternative),
            ("openai", "breaker_open", 1.5, "anthropic"),
        )
        self.assertEqual(
            str(refused),
            "openai may not be called: breaker_open, ask again in 1.5 s, or call anthropic"
            " (5 failures in a row)",
        )

    def test_a_refusal_may_say_little(self):
        agent = self.agent(refusing({"reason": "rate_limited"}, "retry-after: 7", status=429))
        with self.assertRaises(selfheal.PermitRefused) as caught:
            with self.client(agent).service("openai"):
                pass
        self.assertEqual(caught.exception.retry_after, 7.0)
        self.assertIsNone(caught.exception.alternative)

    def test_trouble_of_the_agent_is_no_refusal(self):
        for status, body in (
            (503, {"detail": "the agent stops"}),
            (429, ["?"]),
            (404, {"title": "unknown service"}),
            (400, {}),
            (500, None),
            (201, {"no": "permit"}),
            (201, [1]),
            (201, None),
        ):
            with self.subTest(status=status, body=body):
                agent = self.agent(refusing(body, status=status))
                client = self.client(agent)
                with self.assertLogs("selfheal", "WARNING") as log:
                    for _ in range(3):
                        with client.service("s") as call:
                            self.assertFalse(call.guarded)
                self.assertEqual(len(log.output), 1, "it is told once")
                self.assertEqual(client.stats().unguarded_calls, 3)
                self.assertEqual(len(agent.all("/permits")), 3, "the agent is not away")

    def test_a_probe_is_known(self):
        agent = self.agent(refusing({"permit": "p9", "probe": True}, status=201))
        with self.client(agent).service("s") as call:
            self.assertTrue(call.probe)

    def test_amounts_that_are_none_keep_nobody_from_his_call(self):
        agent = self.agent()
        client = self.client(agent)
        with self.assertLogs("selfheal", "WARNING"):
            for bad in (float("nan"), float("inf"), -1, 1e308, "1", True):
                with client.service("s", cost=bad, tokens=bad) as call:
                    call.cost = bad
        for asked in agent.until("/permits", 6):
            self.assertEqual(asked.body, {})
        for report in agent.reported(6):
            self.assertNotIn("cost", report)

    def test_a_function_is_guarded_at_each_call(self):
        agent = self.agent()
        client = self.client(agent)

        @client.service("s", cost=2, cost_of=lambda result: result / 10)
        def double(number):
            """Doubles."""
            return number * 2

        self.assertEqual([double(1), double(number=2)], [2, 4])
        self.assertEqual((double.__name__, double.__doc__), ("double", "Doubles."))
        self.assertEqual([report["cost"] for report in agent.reported(2)], [0.2, 0.4])
        self.assertEqual([one.body for one in agent.all("/permits")], [{"cost": 2.0}] * 2)

    def test_a_price_that_cannot_be_told_does_not_fail_the_call(self):
        agent = self.agent()
        call = self.client(agent).service("s", cost_of=lambda result: result["usage"])
        with self.assertLogs("selfheal", "WARNING"):
            self.assertEqual(call(lambda: 5)(), 5)
        self.assertNotIn("cost", agent.reported()[0])

    def test_wrong_use_is_told(self):
        client = self.client(self.agent())
        call = client.service("s")
        with call:
            with self.assertRaisesRegex(RuntimeError, "one call"):
                call.__enter__()
        with self.assertRaisesRegex(TypeError, "generator"):

            @client.service("s")
            def numbers():
                yield 1

    def test_connections_are_kept_and_threads_have_their_own(self):
        agent = self.agent()
        client = self.client(agent)
        for _ in range(20):
            with client.service("s"):
                pass
        self.assertLessEqual(len({one.connection for one in agent.all("/permits")}), 2)
        start = threading.Barrier(8)

        def work():
            start.wait()
            for _ in range(50):
                with client.service("s"):
                    pass

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(agent.reported(420)), 420)
        self.assertEqual(client.stats().unguarded_calls, 0)

    def test_a_token_is_shown_when_it_is_wanted(self):
        def strict(request):
            shown = request.headers.get("authorization") == "bearer 0f0f"
            return well(request) if shown else reply(401, {"title": "token missing"})

        agent = self.agent(strict)
        with open(agent.path.replace("selfheal.sock", "token"), "w", encoding="ascii") as file:
            file.write("0f0f\n")
        client = self.client(agent)
        for _ in range(2):
            with client.service("s") as call:
                self.assertTrue(call.guarded)
        self.assertEqual(len(agent.all("/permits")), 3)

    def test_protect_external_call(self):
        agent = self.agent()
        client = self.client(agent)
        self.assertEqual(client.protect_external_call("s", lambda: 1), 1)

        def fails(error):
            def function():
                raise error

            return function

        instead = client.protect_external_call(
            "s", fails(ConnectionResetError("x")), fallback=lambda error: type(error).__name__
        )
        self.assertEqual(instead, "ConnectionResetError")
        with self.assertRaises(KeyError):
            client.protect_external_call("s", fails(KeyError("x")), fallback=lambda error: 2)
        with self.assertRaises(TimeoutError):
            client.protect_external_call("s", fails(TimeoutError("x")))
        outcomes = [report["outcome"] for report in agent.reported(4)]
        self.assertEqual(outcomes, ["success", "failure", "failure", "failure"])

    def test_protect_external_call_when_it_is_refused(self):
        client = self.client(self.agent(refusing({"reason": "budget_exhausted"})))
        never = []
        got = client.protect_external_call(
            "s", lambda: never.append(1), fallback=lambda error: error.reason
        )
        self.assertEqual((got, never), ("budget_exhausted", []))
        with self.assertRaises(selfheal.PermitRefused):
            client.protect_external_call("s", lambda: never.append(1))
