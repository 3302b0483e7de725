"""Makes tools that are PyMOL calls: from arguments to calls, run in order, with PyMOL's own lines and what was read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from ..core.counting import counted
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.risk import Assessment
from ..core.scene import Call, CommandOutput
from ..core.tool import Context, Tool, ToolArgs, ToolResult

A = TypeVar("A", bound=ToolArgs)
Calls = Callable[[A], tuple[Call, ...]]
Plan = Callable[[A, ScenePort], Awaitable[tuple[Call, ...]]]
Check = Callable[[A, ScenePort], Awaitable[None]]
ReadBack = Callable[[A, ScenePort, tuple[CommandOutput, ...]], Awaitable[str]]


def command_tool(
    name: str,
    args: type[A],
    calls: Calls[A],
    title: Callable[[A], str],
    *,
    selections: Callable[[A], tuple[str, ...]],
    check: Check[A] | None = None,
    read_back: ReadBack[A] | None = None,
    reveals: frozenset[Data] = frozenset(),
) -> Tool[A]:
    """A tool whose calls follow from its arguments alone.

    Args:
        name: As the model calls it.
        args: Argument model; its docstring is the description.
        calls: The PyMOL calls, in order.
        title: Words for a person.
        selections: Resolved and checked by the door.
        check: Raises where the arguments make no sense in the scene, before anybody is asked.
        read_back: What the scene holds after the calls, in words and numbers.
        reveals: See `Tool`.
    """

    async def plan(given: A, scene: ScenePort) -> tuple[Call, ...]:
        if check is not None:
            await check(given, scene)
        return calls(given)

    return planned_tool(name, args, plan, title, selections=selections, read_back=read_back, reveals=reveals)


def planned_tool(
    name: str,
    args: type[A],
    plan: Plan[A],
    title: Callable[[A], str],
    *,
    selections: Callable[[A], tuple[str, ...]],
    read_back: ReadBack[A] | None = None,
    reveals: frozenset[Data] = frozenset(),
) -> Tool[A]:
    """A tool that looks at the scene to know its calls; see `command_tool` for the arguments."""

    async def run(given: A, context: Context) -> ToolResult:
        result, outputs = await run_calls(context.scene, await plan(given, context.scene))
        if not result.ok or read_back is None:
            return result
        read = await read_back(given, context.scene, outputs)
        return result.model_copy(update={"text": "\n".join(part for part in (result.text, read) if part)})

    async def assess(given: A, scene: ScenePort) -> Assessment:
        return await scene.assess(await plan(given, scene))

    return Tool(name, args, run, assess, title, selections=selections, reveals=reveals)


async def run_calls(scene: ScenePort, calls: Sequence[Call]) -> tuple[ToolResult, tuple[CommandOutput, ...]]:
    """Run calls in order, stopping at the first that reports an error; the text is PyMOL's own."""
    outputs: list[CommandOutput] = []
    error = ""
    for call in calls:
        output = await scene.call(call)
        outputs.append(output)
        if not output.ok:
            said = " ".join(text for text in output.errors if text) or " ".join(output.lines) or "PyMOL gave no reason."
            n_left = len(calls) - len(outputs)
            error = f"`{call.text}` failed: {said}" + (
                f" {counted(n_left, 'call')} after it did not run." if n_left else ""
            )
            break
    lines = [line.strip() for output in outputs for line in output.lines]
    warnings = tuple(text for output in outputs for text in output.warnings)
    return ToolResult(ok=not error, text="\n".join(lines), error=error, warnings=warnings), tuple(outputs)
