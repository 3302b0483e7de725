import asyncio

import pytest

from pymolcode_plugin.core.tasks import spawn, stop


async def test_a_task_that_is_stopped_before_it_began_begins_and_then_hears_of_it():
    seen = []

    async def work():
        seen.append("begun")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("stopped")
            raise

    task = spawn(work(), name="work")
    stop(task)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == ["begun", "stopped"]


async def test_a_task_that_is_over_or_at_work_is_stopped_at_once():
    task = spawn(asyncio.Event().wait(), name="wait")
    await asyncio.sleep(0)
    stop(task)
    with pytest.raises(asyncio.CancelledError):
        await task
    stop(task)
    assert task.cancelled()
