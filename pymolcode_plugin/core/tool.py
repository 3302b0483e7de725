"""One tool, written once: argument model, description, risk and body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from .ports import ScenePort
from .risk import Risk
from .scene import Frozen, SceneDiff

A = TypeVar("A", bound="ToolArgs")


class ToolArgs(BaseModel):
    """Base of every tool's arguments: unknown keys are errors the model can read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolResult(Frozen):
    """What a tool call gave, read back from PyMOL.

    Attributes:
        ok: False when anything reported an error.
        text: For the model and the user alike: names, counts and numbers that were read back.
        error: What failed, with a hint; empty when ok.
        diff: What the call changed in the scene.
        image_png: A picture of the viewport, where the tool makes one.
    """

    ok: bool = True
    text: str = ""
    error: str = ""
    diff: SceneDiff = SceneDiff()
    image_png: bytes | None = None

    @property
    def for_model(self) -> str:
        """The text that goes back to the model."""
        parts = [self.text]
        if self.error:
            parts.append(f"ERROR: {self.error}")
        if self.diff:
            parts.append(f"Scene changed: {self.diff.text}.")
        text = "\n".join(part for part in parts if part)
        return text or "Done; PyMOL printed nothing and the scene is unchanged."


@dataclass(frozen=True)
class Tool(Generic[A]):
    """A function the model may call.

    `risk` looks at the arguments, because commands differ, and asks the scene how PyMOL would parse them.
    """

    name: str
    args: type[A]
    run: Callable[[A, ScenePort], Awaitable[ToolResult]]
    risk: Callable[[A, ScenePort], Awaitable[Risk]]
    title: Callable[[A], str]

    @property
    def description(self) -> str:
        """What the model reads about the tool."""
        return (self.args.__doc__ or "").strip()
