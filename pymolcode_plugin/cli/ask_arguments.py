"""The command line of `pymolcode ask`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from ..core.risk import Mode, Risk

_ASKABLE = [risk.name.lower() for risk in Risk if risk > Risk.MODIFY]


def parsed(arguments: list[str]) -> argparse.Namespace:
    """What was asked for, with absolute paths; what cannot be done ends the program with one line and exit code 2."""
    parser = _parser()
    options = parser.parse_intermixed_args(_yes_joined(arguments))
    if options.text == "-":
        options.text = sys.stdin.read() if sys.stdin else ""
    if not options.text.strip():
        parser.error("there is no text to send")
    options.granted = granted(options.yes, parser.error)
    if not all(file.strip() for file in options.files):
        parser.error("the name of a file is empty")
    options.save = _to_write(options.save, parser)
    options.script = _to_write(options.script, parser)
    return options


def _to_write(name: str | None, parser: argparse.ArgumentParser) -> str:
    """The absolute path of a file to write, as far as can be known before anything is done."""
    if not name:
        return ""
    path = Path(name).absolute()
    if path.is_dir():
        parser.error(f"{path} is a folder")
    if not path.parent.is_dir():
        parser.error(f"there is no folder {path.parent}")
    return str(path)


def _yes_joined(arguments: list[str]) -> list[str]:
    """`--yes file net` as `--yes file,net`: argparse would take the text for a class as well."""
    joined: list[str] = []
    after_yes = False
    for argument in arguments:
        if after_yes and joined[-1] != "--yes" and _classes(argument) <= {*_ASKABLE}:
            joined[-1] += f",{argument}"
            continue
        joined.append(argument)
        after_yes = argument == "--yes" or (after_yes and joined[-2] == "--yes")
    return joined


def _classes(text: str) -> set[str]:
    return {name.strip().lower() for name in text.split(",")}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """See argparse."""
        self.exit(2, f"{self.prog}: {message} ({self.prog} --help)\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pymolcode ask",
        description="One request on a PyMOL without a window.",
    )
    parser.add_argument("text", metavar="TEXT", nargs="?", default="", help="the request; - reads standard input")
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
    parser.add_argument("--budget-usd", metavar="USD", help="stop before the request that would go on past this cost")
    parser.add_argument("--json", action="store_true", help="print one object: answer, steps, diffs, usage, files")
    return parser


def granted(classes: Sequence[str], refuse: Callable[[str], NoReturn]) -> frozenset[Risk]:
    """The classes that `--yes` allows; `refuse` is called where one is unknown."""
    names = set().union(*map(_classes, classes)) - {""}
    unknown = sorted(names - {*_ASKABLE})
    if unknown:
        refuse(f"--yes knows {', '.join(_ASKABLE)}, not {', '.join(unknown)}")
    return frozenset(Risk[name.upper()] for name in names)
