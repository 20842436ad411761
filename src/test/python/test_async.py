"""The same over asyncio: the loop never waits for the agent."""

import asyncio
import gc
import os
import warnings

import selfheal
from toy_agent import AgentCase, Cut, Hang, reply, well


async def one_call(client):
    async with client.service("s") as call:
        return call.guarded


class AsyncTest(AgentCase):
    def test_calls_beside_each_other(self):
        agent = self.agent()
        client = self.client(agent)

        async def many():
            return await asyncio.gather(*(one_call(client) for _ in range(40)))

        self.assertEqual(asyncio.run(many()), [True] * 40)
        self.assertEqual(len(agent.reported(40)), 40)

    def test_connections_are_kept_within_a_loop_and_closed_after_it(self):
        agent = self.agent()
        client = self.client(agent)

        async def some():
            return [await one_call(client) for _ in range(10)]

        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(3):
                self.assertEqual(asyncio.run(some()), [True] * 10)
            gc.collect()
        used = {one.connection for one in agent.all("/permits")}
        self.assertEqual(len(used), 3)

    def test_failures_refusals_and_decorators(self):
        def answer(request):
            if request.path.endswith("/b/permits"):
                return reply(429, {"reason": "rate_limited"}, "Retry-After: 1")
            return well(request)

        agent = self.agent(answer)
        client = self.client(agent)

        @client.service("a", cost_of=lambda result: 0.5)
        async def fetch(number):
            return number + 1

        async def all_of_it():
            self.assertEqual(await fetch(1), 2)
            with self.assertRaises(TimeoutError):
                async with client.service("a"):
                    raise TimeoutError("late")
            with self.assertRaises(selfheal.PermitRefused):
                await one_call_of(client, "b")
            return await client.protect_external_call_async(
                "b", lambda: fetch(1), fallback=reason
            )

        async def one_call_of(client, name):
            async with client.service(name):
                self.fail("it was refused")

        async def reason(error):
            return error.reason

        self.assertEqual(asyncio.run(all_of_it()), "rate_limited")
        reports = agent.reported(2)
        self.assertEqual([one["outcome"] for one in reports], ["success", "failure"])
        self.assertEqual(reports[0]["cost"], 0.5)

    def test_a_cancelled_task_says_nothing_of_the_service(self):
        agent = self.agent()
        client = self.client(agent)

        async def cancelled():
            inside = asyncio.Event()

            async def call():
                async with client.service("s"):
                    inside.set()
                    await asyncio.Event().wait()

            task = asyncio.ensure_future(call())
            await inside.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        asyncio.run(cancelled())
        self.assertEqual(agent.reported()[0]["outcome"], "ignored")

    def test_a_task_that_is_cancelled_while_it_asks_leaves_no_mixed_answers(self):
        names = []

        def answer(request):
            if request.path.endswith("/slow/permits"):
                return Hang()
            names.append(request.path)
            return well(request)

        agent = self.agent(answer)
        client = self.client(agent)

        async def cancelled():
            async def ask():
                async with client.service("slow"):
                    self.fail("no answer came")

            task = asyncio.ensure_future(ask())
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, agent.until, "/slow/permits")
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            return await one_call(client)

        self.assertTrue(asyncio.run(cancelled()))

    def test_agents_that_fail(self):
        whole = reply(201, {"permit": "p"})
        nonsense = b"nonsense, and more of it\r\n"
        for bad in (Hang(), Cut(b""), Cut(whole[:20]), nonsense, whole + b"x"):
            with self.subTest(bad=bad):
                agent = self.agent(
                    lambda request: bad if request.path.endswith("/permits") else Hang()
                )
                client = self.client(agent, limit=0.05)

                async def calls():
                    return [await one_call(client) for _ in range(50)]

                self.assertEqual(asyncio.run(calls()), [False] * 50)
                self.assertLessEqual(len(agent.all("/permits")), 1)

    def test_no_agent_at_all(self):
        client = self.client(os.path.join(self.folder(), "a.sock"))

        async def calls():
            return [await one_call(client) for _ in range(50)]

        self.assertEqual(asyncio.run(calls()), [False] * 50)

    def quiet(self, client):
        self.until(lambda: client.stats().reports_sent == 1, "nothing is under way")

    def test_a_restart_between_two_calls_is_not_noticed(self):
        path = os.path.join(self.folder(), "a.sock")
        first = self.agent(well, path)
        client = self.client(path)

        async def around_a_restart():
            self.assertTrue(await one_call(client))
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, self.quiet, client)
            first.vanish()
            os.unlink(path)
            self.agent(well, path)
            return await one_call(client)

        self.assertTrue(asyncio.run(around_a_restart()))
