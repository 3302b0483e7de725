"""Runs Python inside PyMOL; always a question."""

from __future__ import annotations

from pydantic import Field

from ..core.ports import ScenePort
from ..core.risk import Assessment, Risk
from ..core.tool import Context, Tool, ToolArgs, ToolResult


class RunPythonArgs(ToolArgs):
    """Run Python with `cmd`, where no other tool will do; asks the user."""

    code: str = Field(min_length=1, max_length=50_000)


async def run_python(args: RunPythonArgs, context: Context) -> ToolResult:
    """Run it; the text is what it printed and the value of its last expression."""
    output = await context.scene.run_python(args.code)
    value = [] if output.value is None else [f"= {output.value}"]
    return ToolResult(
        ok=output.ok,
        text="\n".join([*output.lines, *value]),
        error=" ".join(output.errors),
        warnings=output.warnings,
    )


async def _assess(_args: RunPythonArgs, _scene: ScenePort) -> Assessment:
    return Assessment(risks=frozenset({Risk.EXEC}), effects=("runs Python",), commands=("run_python",))


def _title(args: RunPythonArgs) -> str:
    lines = [line.strip() for line in args.code.splitlines() if line.strip()]
    return f"Python: {lines[0][:70]}" if lines else "Python"


RUN_PYTHON = Tool("run_python", RunPythonArgs, run_python, _assess, _title, editable="code")
