"""A transcript as Markdown, for people to read and keep."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    Event,
    Notice,
    StepFinished,
    StepStarted,
    TextDelta,
    TurnFinished,
    TurnStarted,
)


def as_markdown(events: Iterable[Event], title: str) -> str:
    """Questions, steps with what they gave and changed, and answers, in order."""
    lines = [f"# {title}", ""]
    for event in events:
        lines += _lines(event)
    return "\n".join(lines).rstrip() + "\n"


def _lines(event: Event) -> list[str]:
    if isinstance(event, TurnStarted):
        return [f"## {event.text}", ""]
    if isinstance(event, TextDelta):
        return [event.text.strip(), ""]
    if isinstance(event, StepStarted):
        return ["```", event.arguments, "```", ""]
    if isinstance(event, StepFinished):
        outcome = "ok" if event.ok else "failed"
        said = event.error or event.diff or event.text
        quoted = "\n".join(f"> {line.strip()}" for line in said.splitlines() if line.strip())
        return [f"> **{outcome}**, {event.duration_s:.1f} s", *([quoted] if quoted else []), ""]
    if isinstance(event, ApprovalAsked):
        return [f"> **asked:** {event.question}", ""]
    if isinstance(event, ApprovalAnswered):
        return [f"> **{'allowed' if event.allowed else 'denied'}**", ""]
    if isinstance(event, TurnFinished):
        return _turn_end(event)
    return [f"*{event.text}*", ""] if isinstance(event, Notice) else []


def _turn_end(event: TurnFinished) -> list[str]:
    usage = event.usage
    tokens = f", {usage.n_input_tokens:,} tokens in, {usage.n_output_tokens:,} out" if usage.n_output_tokens else ""
    why = f" {event.message}" if event.message else ""
    return [f"*{event.stop_reason}, {usage.seconds:.1f} s{tokens}.{why}*", ""]
