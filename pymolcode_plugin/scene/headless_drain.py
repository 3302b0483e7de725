"""Wakes the executor without Qt: the asyncio loop on PyMOL's thread drains between its callbacks."""

from __future__ import annotations

import asyncio

from .executor import Executor


def make_executor(loop: asyncio.AbstractEventLoop) -> Executor:
    """An executor for a headless PyMOL whose thread runs `loop`.

    A callback of the loop runs outside every task, as a Qt slot does, so the same rule holds.
    """
    return Executor(lambda executor: _schedule(loop, executor))


def _schedule(loop: asyncio.AbstractEventLoop, executor: Executor) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(executor.drain)
