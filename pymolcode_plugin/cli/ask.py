"""`pymolcode ask "TEXT" [FILES…]`: one turn on a PyMOL without a window, through the same door and queue."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from .. import logs
from ..auth.refresh import settled
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
from ..masking import mask, masked
from .ask_arguments import parsed
from .stopping import Stopping

if TYPE_CHECKING:
    from ..agent.conversation import Conversation
    from ..scene.gateway import Gateway

_NO_TERMINAL = "there is no terminal to ask on"


def main(arguments: list[str]) -> int:
    """Run the turn; the exit code is 0 only where it finished and everything asked for on the command line was done."""
    options = parsed(arguments)
    out = _own_output()
    asyncio.run(_whole(options, out))
    return 1  # not reached: the turn ends the process


async def _whole(options: argparse.Namespace, out: TextIO) -> None:
    """Run the turn and leave from inside: whatever still waits, for a line of the terminal say, keeps nobody."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101  # it runs in one
    stopping = Stopping(task, lambda: print("\nStopped.", file=sys.stderr, flush=True))
    stopping.listen()
    run = _Run(options, out, stopping)
    try:
        try:
            code = await run.go()
        except asyncio.CancelledError:
            run.stopped()
            code = stopping.exit_code
        out.flush()
        sys.stderr.flush()
    except OSError:  # whoever read it is gone, e.g. `| head`
        code = 1
    # PyMOL's own way out aborts after a scene was recalled without a window, and would hide the exit code.
    os._exit(code)


def _own_output() -> TextIO:
    """Standard output for the answer alone: what PyMOL's C code prints goes to standard error from here on."""
    if sys.stdout is None:  # it was closed
        return Path(os.devnull).open("w", encoding="utf-8")
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    os.dup2(2, 1)
    return ours


class _Run:
    """One turn and what is said about it."""

    def __init__(self, options: argparse.Namespace, out: TextIO, stopping: Stopping) -> None:
        self._options = options
        self._out = out
        self._stopping = stopping
        self._events: list[Event] = []
        self._files: list[str] = []
        self._loads: tuple[str, ...] = ()
        self._step_text: dict[str, StepStarted] = {}

    async def go(self) -> int:
        """Load, ask, leave the files, report; 0 where all of it was done."""
        conversation: Conversation | None = None
        try:
            logs.configure(paths.logs_folder())
            gateway = _headless_scene(self._settings().command_limit_s)
            self._stopping.listen()
            from . import ask_files

            if self._options.save:
                await ask_files.need_format(gateway, self._options.save)
            conversation = self._conversation(gateway)
            for file in self._options.files:
                await ask_files.load(gateway, file)
            self._loads = gateway.take_journal()
            end = await conversation.prompt(self._options.text)
            if end.stop_reason == "done":
                await self._leave_files(gateway)
        except (PymolcodeError, OSError) as error:  # border: with --json a failure is an object as well
            end = TurnFinished(turn_id="", stop_reason="failed", message=getattr(error, "message", str(error)))
        finally:
            if conversation is not None:
                await conversation.aclose()
            await settled()
        self._report(end)
        return 0 if end.stop_reason == "done" else 1

    def stopped(self) -> None:
        """Say so; with --json as an object with what was done until then."""
        if self._options.json:
            self._report(TurnFinished(turn_id="", stop_reason="stopped", message="Stopped."))
        print("\nStopped.", file=sys.stderr)

    def _conversation(self, gateway: Gateway) -> Conversation:
        from ..agent.conversation import Conversation
        from ..tools.catalogue import TOOLS

        conversation = Conversation(
            TOOLS,
            gateway,
            _Terminal(),
            self._on_event,
            sessions_folder=paths.sessions_folder(),
            read_settings=self._settings,
        )
        conversation.policy.granted = self._options.granted
        return conversation

    def _settings(self) -> settings.Settings:
        given = {
            "PYMOLCODE_MODEL": self._options.model,
            "PYMOLCODE_MODE": self._options.mode,
            "PYMOLCODE_BUDGET_USD": self._options.budget_usd,
        }
        return settings.load({**os.environ, **{name: value for name, value in given.items() if value}})

    async def _leave_files(self, gateway: Gateway) -> None:
        script, session = self._options.script, self._options.save
        if session:
            from . import ask_files

            self._files += await ask_files.save(gateway, session)
        if script:
            try:
                await asyncio.to_thread(Path(script).write_text, self._script(), encoding="utf-8")
            except OSError as error:
                raise CommandFailed(f"{script} cannot be written: {error.strerror}.") from error
            self._files.append(script)

    def _script(self) -> str:
        return mask("\n".join([*remark(self._options.text), *self._loads, *script(self._events), ""]))

    def _on_event(self, event: Event) -> None:
        self._events.append(event)
        if isinstance(event, StepStarted):
            self._step_text[event.call_id] = event
        if self._options.json:
            return
        say = _progress(event, self._step_text)
        if say:
            print(visible(say), file=sys.stderr, flush=True)

    def _report(self, end: TurnFinished) -> None:
        answer = mask("".join(event.text for event in self._events if isinstance(event, TextDelta)).strip())
        steps = [event for event in self._events if isinstance(event, StepFinished)]
        if not self._options.json:
            if answer:
                print(visible(answer, also=()), file=self._out)
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
        print(json.dumps(masked(report), ensure_ascii=False), file=self._out)

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
    cmd._quit = _refuse_to_quit  # it would end with 0 what has not finished
    return Gateway(make_executor(asyncio.get_running_loop()), cmd, command_limit_s=command_limit_s)


def remark(text: str) -> list[str]:
    """As comments of a PyMOL script, which would run what follows a `;`, and take the next line after a backslash."""
    return [f"# {line.replace(';', ',')}".rstrip("\\ ") for line in text.splitlines()]


def script(events: Sequence[Event]) -> list[str]:
    """What the steps ran, but for those that were undone, as lines of a PyMOL script."""
    undone: set[str] = set()
    for event in events:
        if isinstance(event, SceneRestored):
            undone = undone | {*event.call_ids} if event.action == "undo" else undone - {*event.call_ids}
    steps = [event for event in events if isinstance(event, StepFinished) and event.call_id not in undone]
    return [text for step in steps for text in step.commands]


def _refuse_to_quit(*_arguments: object) -> NoReturn:
    import pymol

    raise pymol.CmdException("PyMOL ends by itself when the request is done; it is not ended before.")


def _progress(event: Event, started: dict[str, StepStarted]) -> str:
    """A line on standard error for what a person would like to see happen."""
    if isinstance(event, StepFinished):
        mark = "ok" if event.ok else "failed"
        rest = event.error or event.diff
        return f"  {mark}: {started[event.call_id].title}{f' ({rest})' if rest else ''}"
    if isinstance(event, ModelState) and event.phase in ("absent", "failed"):
        how = "; `pymolcode model fetch` downloads it" if event.phase == "absent" else ""
        return f"  {event.model or 'model'}: {event.detail}{how}"
    if isinstance(event, ApprovalAnswered) and not event.allowed:
        return f"  denied: {event.reason or 'by you'}"
    return ""


def visible(text: str, also: tuple[str, ...] = ("Cf", "Zl", "Zp")) -> str:
    """Text for a terminal: what would move its cursor, or hide a part of a command, is written as an escape."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", *also) else ascii(char)[1:-1]
        for char in text
    )


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()  # None where it was closed


class _Terminal:
    """Asks on the terminal; without one denies, and says so."""

    async def ask(self, question: ApprovalAsked) -> Answer:
        if not _has_terminal():
            return Answer(allowed=False, reason=f"{_NO_TERMINAL}; --yes allows a class from the start")
        command = [f"  > {line}" for line in question.command.split("\n")]
        lines = [question.question, *(f"  {effect}" for effect in question.effects), *command]
        print(visible("\n".join(lines)), file=sys.stderr)
        line = await self._line("Allow it? [y/N, or say why not] ")
        if line.lower() in ("y", "yes"):
            return Answer(allowed=True)
        return Answer(allowed=False, reason="" if line.lower() in ("", "n", "no") else line)

    async def choose(self, *, call_id: str, question: str, choices: Sequence[str]) -> str:  # noqa: ARG002  # one at a time here
        if not _has_terminal():
            return ""
        lines = [question, *(f"  {number}. {text}" for number, text in enumerate(choices, 1))]
        print(visible("\n".join(lines)), file=sys.stderr)
        line = await self._line("Number, or your own words: ")
        return choices[int(line) - 1] if line.isdecimal() and 0 < int(line) <= len(choices) else line

    async def _line(self, prompt: str) -> str:
        print(prompt, end="", file=sys.stderr, flush=True)
        line: str = await asyncio.to_thread(sys.stdin.readline)
        return line.strip()
