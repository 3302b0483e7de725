"""A transcript as Markdown, for people to read and keep."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..core.counting import counted
from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    Notice,
    SceneRestored,
    Steered,
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
        return [f"## {event.text}", "", *_attached(event)]
    if isinstance(event, Steered):
        return [*_quoted(f"**meanwhile:** {event.text}"), "", *_attached(event)]
    if isinstance(event, TextDelta):
        return [event.text.strip(), ""]
    if isinstance(event, StepStarted):
        return [*_fenced(event.arguments), ""]
    if isinstance(event, StepFinished):
        return _step_end(event)
    if isinstance(event, TurnFinished):
        return _turn_end(event)
    if isinstance(event, Notice):
        return [f"*{event.text}*", ""]
    return _question(event)


def _question(event: Event) -> list[str]:
    """What the person was asked and said, and what they took back."""
    if isinstance(event, ApprovalAsked):
        always = f"offered: always allow {event.always}" if event.always else ""
        return [*_quoted(f"**asked:** {event.question}", *(f"- {text}" for text in event.effects), always), ""]
    if isinstance(event, ApprovalAnswered):
        return _answered(event)
    if isinstance(event, ChoiceAsked):
        return [*_quoted(f"**question:** {event.question}", *(f"- {text}" for text in event.choices)), ""]
    if isinstance(event, ChoiceAnswered):
        return [*_quoted(f"**answer:** {event.text}" if event.text else "**dismissed**"), ""]
    if isinstance(event, SceneRestored):
        n_steps = len(event.call_ids)
        steps = counted(n_steps, "step")
        did = f"**undone:** {steps}" if event.action == "undo" else f"**done again:** {steps}"
        return [*_quoted(did, *_changes(event)), ""]
    return []


def _attached(event: TurnStarted | Steered) -> list[str]:
    return [f"*With {', '.join(event.attachments)}.*", ""] if event.attachments else []


def _answered(event: ApprovalAnswered) -> list[str]:
    if not event.allowed:
        return [*_quoted(f"**denied:** {event.reason}" if event.reason else "**denied**"), ""]
    always = ", and always from now on" if event.always else ""
    if not event.command:
        return [*_quoted(f"**allowed**{always}"), ""]
    return [*_quoted(f"**allowed as edited**{always}:"), ">", *(f"> {line}" for line in _fenced(event.command)), ""]


def _step_end(event: StepFinished) -> list[str]:
    how = "ok" if event.ok else "not allowed" if event.denied else "failed"
    outcome = f"**{how}**, {event.duration_s:.1f} s"
    said = [] if event.denied else [event.error] if event.error else _changes(event) or [event.text]
    warnings = (f"**warning:** {text}" for text in event.warnings)
    return [*_quoted(outcome, *warnings, *said, *(f"wrote `{path}`" for path in event.files)), ""]


def _turn_end(event: TurnFinished) -> list[str]:
    usage = event.usage
    tokens = f", {usage.n_input_tokens:,} tokens in, {usage.n_output_tokens:,} out" if usage.n_output_tokens else ""
    why = f" {event.message}" if event.message else ""
    return [f"*{event.stop_reason}, {usage.seconds:.1f} s{tokens}.{why}*", ""]


def _changes(event: StepFinished | SceneRestored) -> list[str]:
    return [f"- {line}" for line in event.diff_lines or event.diff.split("; ") if line]


def _quoted(*texts: str) -> list[str]:
    """Every line a quotation's, whatever the text holds, and each on a line of its own."""
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    ends = ["  " if after and not after.startswith("- ") else "" for after in (*lines[1:], "")]
    return [f"> {line}{end}" for line, end in zip(lines, ends, strict=True)]


def _fenced(code: str) -> list[str]:
    """A fence longer than any in the code, which else could end it and go on as text."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    return [fence, *code.splitlines(), fence]
