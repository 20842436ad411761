"""Errors with where they happened, and operations with how long they took."""

import asyncio
import threading

from selfheal._plain import plain
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
            with client.operation("job", component="queue", task="t-1", context={"size": 3}):
                with client.operation("resize") as step:
                    step.context["path"] = "/tmp/x"
                    raise ValueError("too large")
        except ValueError as error:
            passed = error
        self.assertEqual(str(passed), "too large")
        error = self.told(agent)[0]
        self.assertEqual(
            {key: error[key] for key in ("worker", "operation", "type", "message", "category")},
            {
                "worker": "images",
                "operation": "resize",
                "type": "ValueError",
                "message": "too large",
                "category": "validation",
            },
        )
        self.assertEqual(error["context"], {"path": "/tmp/x"})
        self.assertEqual([one["operation"] for one in error["operations"]], ["job", "resize"])
        self.assertIn('raise ValueError("too large")', error["stack"])
        self.assertRegex(error["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")
        self.assertTrue(client.flush())
        self.assertEqual(len(self.told(agent)), 1, "it is told once, though two operations saw it")

    def test_one_that_was_caught_can_be_told(self):
        agent = self.agent()
        client = self.client(agent)
        try:
            raise KeyError("k") from TimeoutError("t")
        except KeyError as error:
            client.report_error(error, component="c", operation="o", task="t", context={"a": 1})
            client.report_error(error)
        error = self.told(agent)[0]
        self.assertEqual(
            [error[key] for key in ("component", "operation", "task_id", "context")],
            ["c", "o", "t", {"a": 1}],
        )
        self.assertIn("TimeoutError: t", error["stack"])
        client.report_error(OSError("another"))
        self.assertEqual(len(self.told(agent, 2)), 2)
        self.assertNotEqual(*[error["id"] for error in self.told(agent, 2)])

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
        self.assertEqual((error["component"], error["context"]), ("c", {"k": "v"}))
        name = plainly.__qualname__
        self.assertEqual([one["operation"] for one in error["operations"]], ["named", name])
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
            self.assertEqual([one["operation"] for one in error["operations"]], [error["message"]])

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
        self.assertLessEqual(len(first["stack"]), 16_000)
        self.assertIn("Slotted", second["type"])

    def test_a_context_of_anything_becomes_json(self):
        class Odd:
            def __repr__(self):
                raise RuntimeError("no")

        loop = {}
        loop["self"] = loop
        self.assertEqual(
            plain({1: float("nan"), "b": b"x", "n": 1 << 60, "s": {3}, "t": (None, True)}),
            {"1": "nan", "b": "b'x'", "n": str(1 << 60), "s": [3], "t": [None, True]},
        )
        self.assertEqual(plain(Odd()), "<Odd whose repr fails>")
        self.assertLess(len(str(plain(loop))), 2000)
        self.assertEqual(len(plain("x" * 5000)), 1000)
        self.assertEqual(len(plain(list(range(500)))), 50)
