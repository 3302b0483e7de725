"""The one way to start a task, which keeps a reference and reports the failure, and to stop it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_running: set[asyncio.Task[Any]] = set()


def spawn(
    coroutine: Coroutine[Any, Any, T],
    *,
    name: str,
    on_error: Callable[[BaseException], None] | None = None,
) -> asyncio.Task[T]:
    """Start `coroutine` on the running loop and return its task.

    The loop holds tasks weakly; the reference kept here is what keeps one alive.

    Args:
        coroutine: What to run.
        name: Shown where it is reported that it failed.
        on_error: Called with the exception of a task that failed; without it the loop's handler reports it.
    """
    loop = asyncio.get_event_loop()  # in a Qt slot the loop is set but not "running" for asyncio
    task = loop.create_task(coroutine, name=name)
    _running.add(task)

    def _done(finished: asyncio.Task[T]) -> None:
        _running.discard(finished)
        if finished.cancelled():
            return
        error = finished.exception()
        if error is None:
            return
        if on_error is not None:
            on_error(error)
        else:
            context = {"message": f"task {name} failed", "exception": error, "task": finished}
            loop.call_exception_handler(context)

    task.add_done_callback(_done)
    return task


def stop(task: asyncio.Task[Any]) -> None:
    """Cancel a task that `spawn` started; one that has not begun begins first.

    asyncio drops a task that is cancelled before its first step without running any of it: what it was asked to do
    would be gone, and nothing would say so.
    """
    coroutine = task.get_coro()
    if inspect.iscoroutine(coroutine) and inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED:
        task.get_loop().call_soon(stop, task)
    else:
        task.cancel()


async def to_its_end(coroutine: Coroutine[Any, Any, T], *, name: str) -> T:
    """Wait for `coroutine`, which runs to its end also where the one that waits is cancelled; that is raised then.

    `asyncio.shield` alone lets go at once: what belongs together would go on beside whatever comes next.
    """
    task = spawn(coroutine, name=name, on_error=lambda _error: None)  # whoever waits gets it
    stopped: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            stopped = error
    if stopped is not None:
        raise stopped
    return task.result()
