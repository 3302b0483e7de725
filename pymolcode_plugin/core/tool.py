"""One tool, written once: argument model, description, what it would do, and body."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from .outgoing import Data
from .ports import PersonPort, ScenePort, UndoPort
from .risk import Assessment
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
        warnings: What the person and the model should know although it worked.
        diff: What the call changed in the scene.
        image_png: A picture of the viewport, where the tool makes one.
        scene_hash: Of the scene after the call; empty where it was not looked at.
        commands: What ran in PyMOL, as a script would say it.
        files: Written by the call, by their full paths.
        denied: The user did not allow it.
        said: What the user said meanwhile, for a model that can be told beside a result.
    """

    ok: bool = True
    text: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()
    diff: SceneDiff = SceneDiff()
    image_png: bytes | None = None
    scene_hash: str = ""
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    denied: bool = False
    said: tuple[str, ...] = ()

    @property
    def for_model(self) -> str:
        """The text that goes back to the model."""
        parts = [self.text]
        if self.error:
            parts.append(f"ERROR: {self.error}")
        parts += [f"WARNING: {text}" for text in self.warnings]
        if self.diff:
            parts.append(f"Scene changed: {self.diff.text}.")
        text = "\n".join(part for part in parts if part)
        return text or "Done; PyMOL printed nothing and the scene is unchanged."


@dataclass(frozen=True)
class Context:
    """What a tool's body may use.

    Attributes:
        scene: PyMOL.
        person: For a question of the model.
        undo: For taking steps back.
        call_id: Of this call.
    """

    scene: ScenePort
    person: PersonPort
    undo: UndoPort
    call_id: str


def _no_selections(_args: Any) -> tuple[str, ...]:  # noqa: ANN401  # any tool's arguments
    return ()


@dataclass(frozen=True)
class Tool(Generic[A]):
    """A function the model may call.

    Attributes:
        assess: What the call would do; looks at the arguments, because commands differ, and asks the scene how PyMOL
            would parse them and how much they would touch.
        title: Words for a person.
        selections: Selections in the arguments; the door resolves and checks them before anything else.
        editable: Name of the argument that a person may edit before allowing it; empty for none.
        reveals: Kinds of content beyond text that its result may hold.
        shows_scene: After its result the model knows the scene as it is now.
        is_history: It moves in the history itself, so the door keeps no state around it.
    """

    name: str
    args: type[A]
    run: Callable[[A, Context], Awaitable[ToolResult]]
    assess: Callable[[A, ScenePort], Awaitable[Assessment]]
    title: Callable[[A], str]
    selections: Callable[[A], tuple[str, ...]] = _no_selections
    editable: str = ""
    reveals: frozenset[Data] = frozenset()
    shows_scene: bool = False
    is_history: bool = False

    @property
    def description(self) -> str:
        """What the model reads about the tool."""
        return inspect.cleandoc(self.args.__doc__ or "")

    @property
    def schema(self) -> dict[str, Any]:
        """The arguments as the model reads them: JSON schema without what only the door needs, which validates."""
        schema = self.args.model_json_schema()
        return _terse(schema, schema.pop("$defs", {})) | {"type": "object"}


# Limits and defaults are enforced by the door, in words; in every request they would only cost tokens.
_NOISE = {
    "title", "default", "additionalProperties", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "pattern",
}  # fmt: skip


def _terse(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """`parts` are the models inside, which come in their place: not every server follows a reference."""
    if "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    given = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(given) == 1:
        schema = {key: value for key, value in schema.items() if key != "anyOf"} | given[0]
    kept = {key: value for key, value in schema.items() if key not in _NOISE}
    if "properties" in kept:
        kept["properties"] = {name: _terse(value, parts) for name, value in kept["properties"].items()}
        kept.pop("description", None)  # the tool's own, which is handed over beside the schema
    if "items" in kept:
        kept["items"] = _terse(kept["items"], parts)
    return kept
