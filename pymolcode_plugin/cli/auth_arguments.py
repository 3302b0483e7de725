"""The command line of `pymolcode-auth`. What does not fit is never repeated: it may be a key."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import NoReturn

from ..core.errors import SignInFailed

_PIPE = "-"
_COMMANDS = {
    "login": "sign in to a provider, or store its key, and use it from now on",
    "logout": "forget a sign-in, and revoke it where the provider offers that",
    "status": "which model is used and why, and every sign-in",
    "list": "all providers, how to sign in to each, and where you are signed in",
    "use": "use this provider or model from now on",
    "models": "the models of a provider: what each can do, its price and size",
    "test": "one real request of one token",
}
_EXAMPLES = """examples:
  {prog} login openrouter            in the browser
  {prog} login anthropic             asks for a key
  {prog} login openai --api-key - < key.txt
  {prog} use ollama:qwen3
  {prog} status

A sign-in counts for a PyMOL that already runs, from its next request on.
Exit codes: 0 done, 1 failed, 2 a command line that makes no sense (test: nothing could be asked), 130 stopped."""
# A provider or command; anything longer may be a key.
MAX_NAME = 20
_MIN_SECRET = 6


def parsed(given: Sequence[str], prog: str) -> argparse.Namespace:
    """What was asked for; a command line that makes no sense ends the program with one line and exit code 2.

    Raises:
        SignInFailed: A key stands on the command line.
    """
    parser = _parser(given, prog)
    command = next((item for item in given if not item.startswith("-")), "")
    if command and command not in _COMMANDS:
        near = suggestion(command, _COMMANDS)
        parser.error(f"there is no such command{f'; did you mean `{near}`?' if near else ''}")
    options = parser.parse_args(given)
    if not options.command:
        parser.print_help()
        parser.exit(0)
    if options.command == "login" and options.api_key not in (None, _PIPE):
        raise SignInFailed(
            "A key on the command line stays in the shell's history and is shown to others by `ps`; it was not used.",
            hint=f"Pipe it in: `{prog} login PROVIDER --api-key - < FILE`, or leave it out and type it when asked. "
            "Make a new one if somebody may have seen it.",
        )
    if options.command == "logout" and bool(options.provider) == options.all:
        parser.error("logout takes a provider, or --all")
    return options


def suggestion(text: str, known: Sequence[str] | dict[str, str]) -> str:
    """The known name that is most like this one; empty where none is."""
    import difflib

    return next(iter(difflib.get_close_matches(text.lower(), list(known), n=1, cutoff=0.6)), "")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without what was given."""

    given: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """See argparse."""
        text = self._without_given(message)
        if "--json" in self.given:
            print(json.dumps({"error": f"{text}."}))
            self.exit(2)
        self.exit(2, f"{self.prog}: {text} ({self.prog} --help)\n")

    def _without_given(self, message: str) -> str:
        if message.startswith("unrecognized arguments"):
            return "there is more on the command line than this command takes; a key never stands there"
        parts = (part for item in self.given for part in (item, item.partition("=")[2]))
        for part in parts:
            if len(part) >= _MIN_SECRET and not part.startswith("--") and part not in _COMMANDS:
                message = message.replace(part, "…")
        return message


def _parser(given: Sequence[str], prog: str) -> argparse.ArgumentParser:
    class Parser(_Parser):
        pass

    Parser.given = tuple(given)
    parser = Parser(
        prog=prog,
        description="Sign in to providers of models, choose one, and see which is used and why.",
        epilog=_EXAMPLES.format(prog=prog),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(prog=prog)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    added: dict[str, argparse.ArgumentParser] = {}
    for name, words in _COMMANDS.items():
        added[name] = commands.add_parser(
            name, help=words, description=f"{words[0].upper()}{words[1:]}.", allow_abbrev=False
        )
        added[name].add_argument("--json", action="store_true", help="print one object or array on standard output")
    _of_login(added["login"])
    added["logout"].add_argument("provider", metavar="PROVIDER", nargs="?", default="")
    added["logout"].add_argument("--all", action="store_true", help="every sign-in")
    added["use"].add_argument("model", metavar="PROVIDER[:MODEL]")
    added["models"].add_argument("provider", metavar="PROVIDER")
    added["models"].add_argument(
        "--search", metavar="TEXT", default="", help="only models with all these words in the name"
    )
    added["test"].add_argument(
        "model", metavar="PROVIDER[:MODEL]", nargs="?", default="", help="the one that is used unless it is given"
    )
    return parser


def _of_login(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("provider", metavar="PROVIDER", help="as `list` shows them")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--api-key",
        metavar="-",
        nargs="?",
        const=_PIPE,
        help="read a key from standard input; on a terminal it is asked",
    )
    ways.add_argument("--device", action="store_true", help="with a code that is typed at another device")
    ways.add_argument("--browser", action="store_true", help="in the browser, where that is not the usual way")
    ways.add_argument("--no-browser", action="store_true", help="in a browser, which you open yourself")
    parser.add_argument("--base-url", metavar="URL", default="", help="where the provider is, kept with the sign-in")
