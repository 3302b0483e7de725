"""Who is asked in a chat, and waits for it."""

import asyncio
import contextlib

from pymolcode_plugin.core.ports import Answer


class Person:
    def __init__(self, answer=True):
        self.answer, self.asked = answer, []

    async def ask(self, question):
        self.asked.append(question.command)
        return Answer(allowed=self.answer)


async def until(condition):
    async with asyncio.timeout(10) if hasattr(asyncio, "timeout") else contextlib.AsyncExitStack():
        while not condition():  # noqa: ASYNC110  # the code under test has no event to wait for
            await asyncio.sleep(0.01)
