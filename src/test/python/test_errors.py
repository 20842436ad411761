"""Errors with where they happened, and operations with how long they took."""

import asyncio
import os
import threading

from selfheal._plain import lines, name, texts
from toy_agent import AgentCase


class ErrorsTest(AgentCase):
    def told(self, agent, count=1):
        def errors():
            return [error for one in agent.all("/errors/batch") for error in one.body["errors"]]

        self.until(lambda: len(errors()) >= count, f"{count} errors")
        return errors()

    def test_an_error_that_leaves_an_operation_is_told_with_all(self):
        agent = self.agent()
        client = self.client(agent)
        client.start("images")
        try:
            with client.operation("job", component="queue", job="t-1", context={"size": 3}):
                with client.operation("resize") as step:
                    step.context["path"] = "/tmp/x"
                    raise ValueError("too large")
        except ValueError as error:
            passed = error
        self.assertEqual(str(passed), "too large")
        error = self.told(agent)[0]
        self.assertEqual(
            {key: error[key] for key in ("worker", "type", "message", "category")},
            {
                "worker": "images",
                "type": "ValueError",
                "message": "too large",
                "category": "validation",
            },
        )
        self.assertRegex(error["context"].pop("operations"), r"^job \(.* s\) > resize \(.* s\)$")
        self.assertEqual(
            error["context"], {"path": "/tmp/x", "operation": "resize", "pid": str(os.getpid())}
        )
        self.assertIn('raise ValueError("too large")', error["traceback"])
        self.assertEqual(36, len(error["report_id"]))
        self.assertRegex(error["occurred_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")
        self.assertTrue(client.flush())
        self.assertEqual(len(self.told(agent)), 1, "it is told once, though two operations saw it")

    def test_one_that_was_caught_can_be_told(self):
        agent = self.agent()
        client = self.client(agent)
        try:
            raise KeyError("k") from TimeoutError("t")
        except KeyError as error:
            client.report_error(error, component="c", operation="o", job="t", context={"a": 1})
            client.report_error(error)
        error = self.told(agent)[0]
        self.assertEqual(
            [error["component"], error["job"], error["context"]],
            ["c", "t", {"a": "1", "operation": "o", "pid": str(os.getpid())}],
        )
        self.assertIn("TimeoutError: t", error["traceback"])
        client.report_error(OSError("another"))
        self.assertEqual(len(self.told(agent, 2)), 2)

    def test_functions_are_operations(self):
        agent = self.agent()
        client = self.client(agent)

        @client.with_error_handling(component="c", context={"k": "v"})
        def plainly(number):
            return 10 // number

        @client.with_error_handling("named")
        async def later(number):
            await asyncio.sleep(0)
            return plainly(number)

        self.assertEqual(plainly(5), 2)
        self.assertEqual(asyncio.run(later(2)), 5)
        with self.assertRaises(ZeroDivisionError):
            asyncio.run(later(0))
        error = self.told(agent)[0]
        name = plainly.__qualname__
        self.assertEqual((error["component"], error["context"]["k"]), ("c", "v"))
        self.assertEqual(error["context"]["operation"], name)
        self.assertRegex(error["context"]["operations"], r"^named \(.* s\) > ErrorsTest")
        timings = client.timings()
        self.assertEqual((timings[name].calls, timings[name].failed), (3, 1))
        self.assertEqual((timings["named"].calls, timings["named"].failed), (2, 1))
        self.assertGreaterEqual(timings[name].total, timings[name].longest)
        with self.assertRaisesRegex(TypeError, "generator"):

            @client.with_error_handling()
            async def numbers():
                yield 1

        with self.assertRaisesRegex(TypeError, "parentheses"):
            client.with_error_handling(plainly)

    def test_the_end_of_a_program_is_no_error(self):
        client = self.client(self.agent())
        for ending in (KeyboardInterrupt, SystemExit, GeneratorExit):
            with self.assertRaises(ending), client.operation("o"):
                raise ending
        self.assertEqual(client.timings()["o"].failed, 3)
        self.assertTrue(client.flush())
        self.assertEqual(client.stats().errors_sent, 0)

    def test_operations_of_threads_and_tasks_do_not_mix(self):
        agent = self.agent()
        client = self.client(agent)
        inside = threading.Barrier(2)

        def work(name):
            try:
                with client.operation(name):
                    inside.wait()
                    raise ValueError(name)
            except ValueError:
                pass

        async def tasks():
            both = asyncio.Event()

            async def task(name):
                async with client.operation(name):
                    if name == "d":
                        both.set()
                    await both.wait()
                    raise ValueError(name)

            await asyncio.gather(task("c"), task("d"), return_exceptions=True)

        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        asyncio.run(tasks())
        for error in self.told(agent, 4):
            self.assertRegex(error["context"]["operations"], rf"^{error['message']} \(.* s\)$")

    def test_an_asynchronous_generator_may_be_closed_elsewhere(self):
        client = self.client(self.agent())

        async def numbers():
            with client.operation("o"):
                yield 1
                yield 2

        async def leaves_early():
            async for number in numbers():
                return number

        self.assertEqual(asyncio.run(leaves_early()), 1)

    def test_names_beyond_a_thousand_are_counted_together(self):
        client = self.client(self.agent())
        for number in range(1005):
            with client.operation(str(number)):
                pass
        self.assertEqual(len(client.timings()), 1001)
        self.assertEqual(client.timings()["(others)"].calls, 5)

    def test_deep_recursion_and_odd_exceptions_are_told(self):
        agent = self.agent()
        client = self.client(agent)

        def deeper():
            return deeper()

        class Slotted(Exception):
            __slots__ = ()

            def __str__(self):
                raise RuntimeError("mute")

        for fails in (deeper, lambda: (_ for _ in ()).throw(Slotted())):
            with self.assertRaises(Exception), client.operation("o"):
                fails()
        first, second = self.told(agent, 2)
        self.assertEqual(first["type"], "RecursionError")
        self.assertLessEqual(len(first["traceback"]), 16_000)
        self.assertIn("Slotted", second["type"])

    def test_the_job_and_the_service_around_it_are_told(self):
        agent = self.agent()
        client = self.client(agent)
        with self.assertRaises(TimeoutError), client.operation("o"), client.job(7):
            with client.job("8"):
                pass
            with client.service("openai"):
                raise TimeoutError("late")
        with self.assertRaises(OSError), client.operation("p"):
            raise OSError("elsewhere")
        first, second = self.told(agent, 2)
        self.assertEqual(first["service"], "openai")
        self.assertNotIn("job", first, "the operation is around the job")
        with self.assertRaises(KeyError), client.job(9), client.operation("q"):
            raise KeyError("k")
        third = self.told(agent, 3)[2]
        self.assertEqual(third["job"], "9")
        for error in (second, third):
            self.assertNotIn("service", error)

    def test_a_context_of_anything_becomes_texts_that_the_agent_takes(self):
        class Odd:
            def __repr__(self):
                raise RuntimeError("no")

        self.assertEqual(
            texts({1: float("nan"), "b": b"x", "": 1, " ": 2, "o": Odd(), "a\tb": None}),
            {"1": "nan", "b": "b'x'", "o": "<Odd whose repr fails>", "a b": "None"},
        )
        self.assertEqual(texts({"t": "\0a\ud800b\n"}), {"t": "\ufffda?b\n"})
        self.assertEqual(len(texts({"t": "x" * 5000})["t"]), 2000)
        self.assertEqual(len(texts({str(one): one for one in range(500)})), 40)

    def test_texts_are_cut_as_the_agent_counts(self):
        self.assertEqual(lines("a\U0001f600b", 3), "a\U0001f600")
        self.assertEqual(lines("a\U0001f600b", 2), "a")
        self.assertEqual(lines("x\ny", 3), "x\ny")
        self.assertEqual(name("x\ny\x1b\x85", 10), "x y  ")
