"""`pymolcode model fetch | status | path`: the built-in model's weights, from a terminal."""

from __future__ import annotations

import argparse
import shutil
import sys
import time

from ..address import shown
from ..agent.approvals import Policy, Rules
from ..agent.outgoing import Outgoing
from ..config import paths, settings
from ..core.errors import ModelUnavailable, PymolcodeError
from ..llm import weights
from ..llm.choice import Choice, choose, explained, explained_layers, local_file, looked_at

_LOCK = {True: "this machine only: nothing elsewhere is contacted", False: "off"}


def main(arguments: list[str]) -> int:
    """Run one of the commands; returns the exit code.

    Raises:
        PymolcodeError: What failed, with the remedy.
    """
    parser = argparse.ArgumentParser(prog="pymolcode model", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fetching = commands.add_parser("fetch", help="download the built-in model's weights")
    fetching.add_argument("--if-needed", action="store_true", help="only when no other model is set")
    commands.add_parser("status", help="which model is used, whether it is here, and what is sent to it")
    commands.add_parser("path", help="print the path of the weights")
    options = parser.parse_args(arguments)
    return {"fetch": _fetch, "status": _status, "path": _path}[options.command](options)


def _fetch(options: argparse.Namespace) -> int:
    choice = _wanted(settings.load())
    if choice.api != "builtin":
        if options.if_needed:
            print(f"Using {choice.title} ({choice.why}); the built-in model is not needed.")
            return 0
        choice = choose(settings.Settings(model="builtin"))
    path, entry = local_file(choice)
    if path is None:
        bar = _Bar(entry.title)
        path = weights.fetch(entry, paths.models_folder(), bar.show)
        bar.end()
    print(f"{choice.title} is ready: {path}")
    return 0


def _wanted(found: settings.Settings) -> Choice:
    """What is set; where the lock refuses that, the model it leaves is the built-in one."""
    try:
        return choose(found)
    except ModelUnavailable:
        if not found.this_machine_only:
            raise
        return choose(settings.Settings(model="builtin"))


def _status(_options: argparse.Namespace) -> int:
    found = settings.load()
    try:
        choice = choose(found)
    except PymolcodeError:
        print("\n".join(explained_layers(looked_at(found))))
        raise
    print("\n".join(explained(choice)))
    if choice.api == "builtin":
        path, entry = local_file(choice)
        size = f"{entry.n_bytes / 1e9:.1f} GB, {entry.licence}"
        print(f"Weights  {path or f'not here ({size}); `pymolcode model fetch` gets them'}")
    else:
        print(f"Address  {shown(choice.base_url)}")
    outgoing = Outgoing(Policy(Rules(paths.rules_file())))
    outgoing.begin_with(found)
    outgoing.model_is(choice.base_url, choice.name)
    print(f"Sends    {outgoing.statement()}\nLock     {_LOCK[found.this_machine_only]}")
    return 0


def _path(_options: argparse.Namespace) -> int:
    choice = choose(settings.load(), find_servers=tuple)
    path = local_file(choice)[0] if choice.api == "builtin" else None
    if path is None:
        return 1
    print(path)
    return 0


class _Bar:
    """A progress bar on a terminal; elsewhere a line every tenth."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._live = sys.stdout.isatty()
        self._stage = ""
        self._started = 0.0
        self._first = 0
        self._tenth = -1

    def show(self, done: int, total: int, what: str) -> None:
        stage = what.split(" part")[0]
        if stage != self._stage:  # downloading, then checking: each has a rate of its own
            self._stage, self._started, self._first, self._tenth = stage, time.monotonic(), done, -1
        seconds = time.monotonic() - self._started
        rate = (done - self._first) / seconds / 1e6 if seconds > 0 else 0.0
        tenth = done * 10 // total
        text = f"{what}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB, {rate:,.0f} MB/s"
        if self._live:
            n_full = done * 30 // total
            line = f"[{'#' * n_full}{'.' * (30 - n_full)}] {text}"
            print(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        elif tenth != self._tenth:
            self._tenth = tenth
            print(f"{self._title}: {done * 100 // total:3} %  {text}", flush=True)

    def end(self) -> None:
        if self._live:
            print()
