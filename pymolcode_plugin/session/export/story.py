"""The events of a chat as a story: each request with what was said and done for it, without what was undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...core.events import Event, SceneRestored, StepFinished, StepStarted, TextDelta, TurnStarted


@dataclass(frozen=True)
class Text:
    """A piece of the model's answer."""

    text: str


@dataclass(frozen=True)
class Done:
    """A step that ran something and was not undone.

    Attributes:
        commands: As the journal has them.
        changed: It changed the scene.
        text: What it gave, as read back from PyMOL.
    """

    call_id: str
    title: str
    tool: str
    arguments: str
    commands: tuple[str, ...]
    changed: bool
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass
class Request:
    """What the person asked, and what came of it, in order."""

    text: str
    model: str = ""
    items: list[Text | Done] = field(default_factory=list)


def story(events: Iterable[Event]) -> list[Request]:
    """The requests of a chat, in order."""
    events = list(events)
    undone = undone_steps(events)
    requests: list[Request] = []
    started: dict[str, StepStarted] = {}
    for event in events:
        if isinstance(event, TurnStarted):
            requests.append(Request(event.text, event.model))
        elif isinstance(event, StepStarted):
            started[event.call_id] = event
        if not requests:
            continue
        if isinstance(event, TextDelta):
            _say(requests[-1], event.text)
        elif isinstance(event, StepFinished) and event.call_id not in undone:
            requests[-1].items.append(_done(event, started.get(event.call_id)))
    return requests


def _say(request: Request, text: str) -> None:
    last = request.items[-1] if request.items else None
    if isinstance(last, Text):
        request.items[-1] = Text(last.text + text)
    else:
        request.items.append(Text(text))


def _done(event: StepFinished, started: StepStarted | None) -> Done:
    return Done(
        event.call_id,
        started.title if started else "",
        started.tool if started else "",
        started.arguments if started else "",
        event.commands,
        event.undoable,
        event.text if event.ok else "",
        event.files,
    )


def undone_steps(events: Iterable[Event]) -> set[str]:
    """Call ids of the steps that are undone at the end."""
    undone: set[str] = set()
    for event in events:
        if isinstance(event, SceneRestored):
            undone = undone | {*event.call_ids} if event.action == "undo" else undone - {*event.call_ids}
    return undone
