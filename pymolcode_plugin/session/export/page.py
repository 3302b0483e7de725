"""A chat as one HTML file: no script, nothing loaded from elsewhere, pictures inside, light and dark."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from ...core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    ChoiceAnswered,
    ChoiceAsked,
    Event,
    Notice,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    TurnFinished,
    TurnStarted,
)
from .markup import to_html
from .story import undone_steps

_MAX_PICTURE = 8 * 2**20
_MAX_ALL = 64 * 2**20
_PNG = b"\x89PNG\r\n\x1a\n"
_STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --mine: #2f6fdc22; --bad: #d0392b; --warn: #b86e00; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } .about { opacity: .7; font-size: .85rem; }
.asked { background: var(--mine); border-radius: .6rem; padding: .6rem .9rem; margin: 2rem 0 1rem;
  white-space: pre-wrap; }
details.step, .question { border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .8rem; margin: .6rem 0; }
details.failed { border-color: var(--bad); } details.undone { border-style: dashed; opacity: .6; }
summary { cursor: pointer; }
pre { background: var(--soft); border-radius: .3rem; padding: .5rem .7rem; overflow-x: auto; }
pre, code { font: .85rem/1.4 ui-monospace, monospace; } .warning { color: var(--warn); } .error { color: var(--bad); }
img { max-width: 100%; border-radius: .3rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .2rem .6rem; text-align: left; }
.end { opacity: .6; font-size: .8rem; }
""".strip()


def as_page(events: Sequence[Event], title: str, about: Iterable[str]) -> str:
    """The whole chat. Reads the pictures that it wrote, so use a worker thread."""
    body = _Body(events).html()
    said = "".join(f"<div>{html.escape(line)}</div>" for line in about)
    head = html.escape(title)
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{head}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n<h1>{head}</h1>\n"
        f'<div class="about">{said}</div>\n{body}\n</body>\n</html>\n'
    )


class _Body:
    def __init__(self, events: Sequence[Event]) -> None:
        self._events = events
        self._ends = {event.call_id: event for event in events if isinstance(event, StepFinished)}
        self._undone = undone_steps(events)
        self._n_bytes = 0

    def html(self) -> str:
        return "\n".join(part for event in self._events if (part := self._part(event)))

    def _part(self, event: Event) -> str:
        if isinstance(event, StepStarted):
            return self._step(event, self._ends.get(event.call_id))
        shown: dict[type, Callable[..., str]] = {
            TurnStarted: lambda item: f'<div class="asked">{html.escape(item.text)}</div>',
            TextDelta: lambda item: to_html(item.text),
            Notice: lambda item: _line(item.level, item.text),
            ApprovalAsked: lambda item: _question(item.question, item.effects),
            ApprovalAnswered: lambda item: _line("end", _answered(item)),
            ChoiceAsked: lambda item: _question(item.question, item.choices),
            ChoiceAnswered: lambda item: _line("end", item.text or "dismissed"),
            SceneRestored: lambda item: _line("end", item.words),
            TurnFinished: lambda item: _line("error", item.message) if item.stop_reason == "failed" else "",
        }
        show = shown.get(type(event))
        return show(event) if show else ""

    def _step(self, step: StepStarted, end: StepFinished | None) -> str:
        state = "" if end is None else "failed" if not end.ok else "undone" if step.call_id in self._undone else ""
        mark = "…" if end is None else {"failed": "✗", "undone": "↶"}.get(state, "✓")
        inside = [f"<pre>{html.escape(step.arguments)}</pre>"]
        outside = ""
        if end is not None:
            ran = "\n".join(end.commands)
            inside += [f"<pre>{html.escape(ran)}</pre>"] if ran and ran != step.arguments.strip() else []
            inside += [f"<pre>{html.escape(end.text)}</pre>"] if end.text else []
            outside = self._outside(end)
        summary = f"<summary>{mark} {html.escape(step.title)}</summary>"
        return f'<details class="step {state}">{summary}{"".join(inside)}</details>{outside}'

    def _outside(self, end: StepFinished) -> str:
        """What is read without opening the step."""
        lines = [_line("error", end.error)] if end.error else []
        lines += [_line("warning", text) for text in end.warnings]
        lines += (
            [f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in end.diff.split('; '))}</ul>"]
            if end.diff
            else []
        )
        lines += [_line("end", f"wrote {path}") for path in end.files]
        pictures = [end.image_png] if end.image_png else [_read(path) for path in end.files]
        return "".join([*lines, *(self._picture(data) for data in pictures if data)])

    def _picture(self, data: bytes) -> str:
        self._n_bytes += len(data)
        if self._n_bytes > _MAX_ALL:
            return _line("end", "a picture is left out: the page would be too large")
        return f'<p><img alt="picture" src="data:image/png;base64,{base64.b64encode(data).decode()}"></p>'


def _read(path: str) -> bytes | None:
    """A picture that a step wrote, as it is now."""
    try:
        if not path.lower().endswith(".png") or Path(path).stat().st_size > _MAX_PICTURE:
            return None
        data = Path(path).read_bytes()
    except OSError:
        return None
    return data if data.startswith(_PNG) else None


def _question(question: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{html.escape(text)}</li>" for text in lines)
    return f'<div class="question">{html.escape(question)}<ul>{items}</ul></div>'


def _answered(event: ApprovalAnswered) -> str:
    if not event.allowed:
        return f"denied: {event.reason}" if event.reason else "denied"
    return f"allowed, edited to: {event.command}" if event.command else "allowed"


def _line(kind: str, text: str) -> str:
    return f'<div class="{kind}">{html.escape(text)}</div>'
