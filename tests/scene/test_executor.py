import asyncio
import threading

import pytest

from pymolcode_plugin.core.errors import GatewayClosed
from pymolcode_plugin.core.tasks import spawn
from pymolcode_plugin.scene.executor import Executor, WrongThread
from pymolcode_plugin.scene.headless_drain import make_executor
from pymolcode_plugin.scene.long_call import Work


class Held:
    """Notes what a window would be asked to do."""

    def __init__(self):
        self.seen = []
        self.interrupted = threading.Event()

    def enter(self):
        self.seen.append("enter")

    def leave(self):
        self.seen.append("leave")

    def interrupt(self):
        self.interrupted.set()

    def clear(self):
        self.seen.append("clear")


@pytest.fixture
async def executor():
    made = make_executor(asyncio.get_running_loop())
    yield made
    made.close()


async def test_work_runs_in_a_worker_and_its_result_comes_back_to_the_steps(executor):
    here, held = threading.get_ident(), Held()

    def steps():
        first = yield Work(threading.get_ident)
        second = yield Work(lambda: 2)
        return [first != here, second, threading.get_ident() == here]

    assert await executor.call_long(steps, held) == [True, 2, True]
    assert held.seen == ["enter", "leave"]


async def test_without_a_window_the_work_runs_at_once_on_the_same_thread(executor):
    def steps():
        return (yield Work(threading.get_ident))

    assert await executor.call_long(steps, None) == threading.get_ident()


async def test_steps_without_work_leave_the_window_alone(executor):
    held = Held()

    def steps():
        return 1
        yield

    assert await executor.call_long(steps, held) == 1
    assert held.seen == []


async def test_a_failure_of_the_work_reaches_the_steps_and_then_the_caller(executor):
    held, seen = Held(), []

    def fail():
        raise ValueError("no")

    def steps():
        try:
            yield Work(fail)
        except ValueError as error:
            seen.append(str(error))
            raise

    with pytest.raises(ValueError, match="no"):
        await executor.call_long(steps, held)
    assert seen == ["no"]
    assert held.seen == ["enter", "leave"]


async def test_nothing_else_runs_while_a_worker_has_pymol(executor):
    go_on, order = threading.Event(), []

    def steps():
        yield Work(lambda: go_on.wait(10))
        order.append("long")

    long = spawn(executor.call_long(steps, Held()), name="long")
    other = spawn(executor.call(lambda: order.append("other")), name="other")
    await asyncio.wait({long, other}, timeout=0.05)
    assert order == []
    go_on.set()
    await asyncio.gather(long, other)
    assert order == ["long", "other"]


async def test_stop_interrupts_the_work_and_the_steps_clean_up_before_the_caller_goes_on(executor):
    held, cleaned = Held(), []

    def steps():
        try:
            yield Work(lambda: held.interrupted.wait(10))
            yield Work(lambda: cleaned.append("never"))
        finally:
            cleaned.append("clean")

    task = spawn(executor.call_long(steps, held), name="long")
    await asyncio.wait({task}, timeout=0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned == ["clean"]
    assert held.seen == ["enter", "clear", "leave"]
    assert await executor.call(lambda: "goes on") == "goes on"


async def test_work_that_must_not_be_interrupted_is_waited_for(executor):
    held, over = Held(), threading.Event()

    def steps():
        yield Work(lambda: over.wait(10), over.set, can_interrupt=False)

    task = spawn(executor.call_long(steps, held), name="long")
    await asyncio.wait({task}, timeout=0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert over.is_set()
    assert not held.interrupted.is_set()


async def test_a_long_call_that_is_still_queued_is_removed(executor):
    go_on, ran = threading.Event(), []

    def first():
        yield Work(lambda: go_on.wait(10))

    def second():
        ran.append("second")
        return
        yield

    one = spawn(executor.call_long(first, Held()), name="one")
    two = spawn(executor.call_long(second, Held()), name="two")
    await asyncio.wait({one, two}, timeout=0.05)
    two.cancel()
    with pytest.raises(asyncio.CancelledError):
        await two
    go_on.set()
    await one
    assert ran == []


async def test_closing_interrupts_the_long_call_and_refuses_others(executor):
    held = Held()

    def steps():
        yield Work(lambda: held.interrupted.wait(10))

    task = spawn(executor.call_long(steps, held), name="long")
    await asyncio.wait({task}, timeout=0.05)
    executor.close()
    with pytest.raises(GatewayClosed):
        await executor.call(lambda: None)
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_queue_is_drained_on_pymols_thread_only():
    executor = Executor(lambda _executor: None)
    failures = []

    def drain():
        try:
            executor.drain()
        except WrongThread as error:
            failures.append(error)

    thread = threading.Thread(target=drain)
    thread.start()
    thread.join()
    assert len(failures) == 1
