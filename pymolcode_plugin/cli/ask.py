"""`pymolcode ask "TEXT" [FILES…]`: one turn on a PyMOL without a window, through the same door and queue."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .. import logs
from ..config import paths, settings
from ..core.errors import CommandFailed, PymolcodeError
from ..core.events import (
    ApprovalAnswered,
    ApprovalAsked,
    Event,
    ModelState,
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    TurnFinished,
)
from ..core.ports import Answer
from ..core.risk import Mode, Risk
from ..core.scene import Call

if TYPE_CHECKING:
    from ..agent.conversation import Conversation
    from ..scene.gateway import Gateway

_NO_TERMINAL = "there is no terminal to ask on"
_ASKABLE = [risk.name.lower() for risk in Risk if risk > Risk.MODIFY]
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run the turn; the exit code is 0 only where it finished and everything asked for on the command line was done."""
    options = _parser().parse_args(arguments)
    if options.text == "-":
        options.text = sys.stdin.read()
    if not options.text.strip():
        raise SystemExit("pymolcode ask: there is no text to send")
    for name in ("save", "script"):
        value = getattr(options, name)
        setattr(options, name, str(Path(value).resolve()) if value else "")
    options.files = [str(Path(file).resolve()) for file in options.files]
    allowed = granted(options.yes)
    out = _own_output()
    try:
        code = asyncio.run(_Run(options, out, allowed).go())
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        code = _INTERRUPTED
    out.flush()
    sys.stderr.flush()
    # PyMOL's own way out aborts after a scene was recalled without a window, and would hide the exit code.
    os._exit(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pymolcode ask", description=__doc__)
    parser.add_argument("text", metavar="TEXT", help="the request; - reads it from standard input")
    parser.add_argument("files", metavar="FILES", nargs="*", help="loaded before")
    parser.add_argument("--save", metavar="OUT.pse", help="save the session (or, by extension, the structure) after")
    parser.add_argument("--script", metavar="OUT.pml", help="write the commands that ran")
    parser.add_argument("--mode", choices=[mode.value for mode in Mode], help="what runs without a question")
    parser.add_argument(
        "--yes",
        metavar="CLASS",
        action="append",
        default=[],
        help=f"allow a class without a question: {', '.join(_ASKABLE)}; repeat it or separate by commas",
    )
    parser.add_argument("--model", metavar="PROVIDER:MODEL", help="as PYMOLCODE_MODEL")
    parser.add_argument("--json", action="store_true", help="print one object: answer, steps, diffs, usage, files")
    return parser


def _own_output() -> TextIO:
    """Standard output for the answer alone: what PyMOL's C code prints goes to standard error from here on."""
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    return ours


def granted(classes: Sequence[str]) -> frozenset[Risk]:
    """The classes that `--yes` allows.

    Raises:
        SystemExit: One is unknown.
    """
    names = [name.strip().lower() for text in classes for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in _ASKABLE]
    if unknown:
        raise SystemExit(f"pymolcode ask: --yes knows {', '.join(_ASKABLE)}, not {', '.join(unknown)}")
    return frozenset(Risk[name.upper()] for name in names)


class _Run:
    """One turn and what is said about it."""

    def __init__(self, options: argparse.Namespace, out: TextIO, allowed: frozenset[Risk]) -> None:
        self._options = options
        self._out = out
        self._granted = allowed
        self._events: list[Event] = []
        self._files: list[str] = []
        self._loads: tuple[str, ...] = ()
        self._step_text: dict[str, StepStarted] = {}

    async def go(self) -> int:
        """Load, ask, leave the files, report; 0 where all of it was done."""
        logs.configure(paths.logs_folder())
        conversation: Conversation | None = None
        try:
            gateway = _headless_scene(self._settings().command_limit_s)
            conversation = self._conversation(gateway)
            for file in self._options.files:
                await _checked(gateway, Call(command="load", arguments={"filename": file}))
            self._loads = gateway.take_journal()
            end = await conversation.prompt(self._options.text)
            if end.stop_reason == "done":
                await self._leave_files(gateway)
        except PymolcodeError as error:  # border: with --json a failure is an object as well
            end = TurnFinished(turn_id="", stop_reason="failed", message=error.message)
        finally:
            if conversation is not None:
                await conversation.aclose()
        self._report(end)
        return 0 if end.stop_reason == "done" else 1

    def _conversation(self, gateway: Gateway) -> Conversation:
        from ..agent.conversation import Conversation
        from ..tools.catalogue import TOOLS

        found = self._settings()
        conversation = Conversation(
            TOOLS,
            gateway,
            _Terminal(),
            self._on_event,
            sessions_folder=paths.sessions_folder(),
            read_settings=self._settings,
        )
        conversation.policy.granted = self._granted
        conversation.policy.mode = found.mode
        conversation.policy.this_machine_only = found.this_machine_only
        return conversation

    def _settings(self) -> settings.Settings:
        given = {"PYMOLCODE_MODEL": self._options.model, "PYMOLCODE_MODE": self._options.mode}
        return settings.load({**os.environ, **{name: value for name, value in given.items() if value}})

    async def _leave_files(self, gateway: Gateway) -> None:
        script, session = self._options.script, self._options.save
        if script:
            try:
                await asyncio.to_thread(Path(script).write_text, self._script(), encoding="utf-8")
            except OSError as error:
                raise CommandFailed(f"{script} cannot be written: {error.strerror}.") from error
            self._files.append(script)
        if session:
            await _checked(gateway, Call(command="save", arguments={"filename": session}))
            if not await asyncio.to_thread(Path(session).is_file):
                raise CommandFailed(f"PyMOL did not write {session}.")
            self._files.append(session)

    def _script(self) -> str:
        request = "\n".join(f"# {line}" for line in self._options.text.splitlines())
        return "\n".join([request, *self._loads, *script(self._events), ""])

    def _on_event(self, event: Event) -> None:
        self._events.append(event)
        if isinstance(event, StepStarted):
            self._step_text[event.call_id] = event
        if self._options.json:
            return
        say = _progress(event, self._step_text)
        if say:
            print(say, file=sys.stderr, flush=True)

    def _report(self, end: TurnFinished) -> None:
        answer = "".join(event.text for event in self._events if isinstance(event, TextDelta)).strip()
        steps = [event for event in self._events if isinstance(event, StepFinished)]
        if not self._options.json:
            if answer:
                print(answer, file=self._out)
            if end.message:
                print(f"pymolcode: {end.message}", file=sys.stderr)
            return
        report = {
            "answer": answer,
            "steps": [self._step(event) for event in steps],
            "diffs": [event.diff for event in steps if event.diff],
            "usage": end.usage.model_dump(),
            "files": list(dict.fromkeys([*(path for event in steps for path in event.files), *self._files])),
        }
        if end.stop_reason != "done":
            report["error"] = end.message
        print(json.dumps(report, ensure_ascii=False), file=self._out)

    def _step(self, end: StepFinished) -> dict[str, object]:
        started = self._step_text[end.call_id]
        return {
            "tool": started.tool,
            "title": started.title,
            "command": started.arguments,
            **end.model_dump(include={"ok", "text", "error", "warnings", "diff", "commands", "files", "duration_s"}),
        }


def _headless_scene(command_limit_s: float) -> Gateway:
    import pymol

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    from ..scene.gateway import Gateway
    from ..scene.headless_drain import make_executor

    cmd.feedback("disable", "all", "actions results")
    return Gateway(make_executor(asyncio.get_running_loop()), cmd, command_limit_s=command_limit_s)


def script(events: Sequence[Event]) -> list[str]:
    """What the steps ran, but for those that were undone, as lines of a PyMOL script."""
    undone: set[str] = set()
    for event in events:
        if isinstance(event, SceneRestored):
            undone = undone | {*event.call_ids} if event.action == "undo" else undone - {*event.call_ids}
    steps = [event for event in events if isinstance(event, StepFinished) and event.call_id not in undone]
    return [text for step in steps for text in step.commands]


async def _checked(gateway: Gateway, call: Call) -> None:
    output = await gateway.call(call)
    if not output.ok:
        raise CommandFailed(f"`{call.text}` failed: {' '.join(output.errors)}")


def _progress(event: Event, started: dict[str, StepStarted]) -> str:
    """A line on standard error for what a person would like to see happen."""
    if isinstance(event, StepFinished):
        mark = "ok" if event.ok else "failed"
        rest = event.error or event.diff
        return f"  {mark}: {started[event.call_id].title}{f' ({rest})' if rest else ''}"
    if isinstance(event, ModelState) and event.phase in ("absent", "failed"):
        return f"  {event.model or 'model'}: {event.detail}"
    if isinstance(event, ApprovalAnswered) and not event.allowed:
        return f"  denied: {event.reason or 'by you'}"
    return ""


class _Terminal:
    """Asks on the terminal; without one denies, and says so."""

    def __init__(self, read_line: Callable[[], str] = sys.stdin.readline) -> None:
        self._read_line = read_line

    async def ask(self, question: ApprovalAsked) -> Answer:
        if not sys.stdin.isatty():
            return Answer(allowed=False, reason=f"{_NO_TERMINAL}; --yes allows a class from the start")
        lines = [question.question, *(f"  {effect}" for effect in question.effects), f"  > {question.command}"]
        print("\n".join(lines), file=sys.stderr)
        line = await self._line("Allow it? [y/N, or say why not] ")
        if line.lower() in ("y", "yes"):
            return Answer(allowed=True)
        return Answer(allowed=False, reason="" if line.lower() in ("", "n", "no") else line)

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:  # noqa: ARG002  # one at a time here
        if not sys.stdin.isatty():
            return ""
        print(
            "\n".join([question, *(f"  {number}. {text}" for number, text in enumerate(choices, 1))]), file=sys.stderr
        )
        line = await self._line("Number, or your own words: ")
        return choices[int(line) - 1] if line.isdigit() and 0 < int(line) <= len(choices) else line

    async def _line(self, prompt: str) -> str:
        print(prompt, end="", file=sys.stderr, flush=True)
        return (await asyncio.to_thread(self._read_line)).strip()
