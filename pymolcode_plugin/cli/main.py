"""`pymolcode [PyMOL's own arguments]`: PyMOL with the panel; and a few commands beside it."""

from __future__ import annotations

import sys

from .. import __version__, bootstrap
from ..core.errors import PymolcodeError
from . import last_words

_HELP = f"""pymolcode {__version__}: PyMOL with an AI agent in a dock beside the viewport

usage: pymolcode [PyMOL's own arguments, e.g. files to open]
       pymolcode ask "TEXT" [FILES] [--save OUT.pse] [--script OUT.pml] [--mode ask|auto|plan]
                     [--yes CLASS] [--model PROVIDER:MODEL] [--json]
       pymolcode sessions [WORDS] [--json] | resume [ID | WORDS | FILE.pymolcode]
       pymolcode auth COMMAND
       pymolcode model fetch [--if-needed] | status | path
       pymolcode doctor [--json] [--test-model]
       pymolcode demo --out FOLDER
       pymolcode --version | --help

ask            run one request without a window, print the answer, exit 0 only if it finished
sessions       list the chats that were kept, or those in which all the words occur
resume         PyMOL with the panel, in a chat that was kept and its scene; the newest one by default
auth           sign in to providers of models and choose one: login, logout, status, list, use,
               models, test; the same as pymolcode-auth
model fetch    download the built-in model (1.1 GB), resuming an earlier download
               --if-needed: only when no other model is set
model status   which model is used, why, and whether its weights are here
model path     the path of the built-in model's weights
doctor         look whether everything is here and right, and say the remedy where it is not
demo           run a sample conversation on 1HPV and keep it in FOLDER
"""
_OPEN_PANEL = "from pymolcode_plugin import plugin; plugin.register(); plugin.open_panel()"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    bootstrap.activate()
    last_words.without_secrets()
    try:
        return _run(given)
    except PymolcodeError as error:  # border: a command ends with a message
        print(f"pymolcode: {error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _run(given: list[str]) -> int:
    if given[:1] == ["model"]:
        from . import model

        return model.main(given[1:])
    if given[:1] == ["auth"]:
        from . import auth

        return auth.main(given[1:], prog="pymolcode auth")
    if given[:1] == ["ask"]:
        from . import ask

        return ask.main(given[1:])
    if given[:1] == ["doctor"]:
        from . import doctor

        return doctor.main(given[1:])
    if given[:1] == ["sessions"]:
        from . import sessions

        return sessions.list_sessions(given[1:])
    if given[:1] == ["resume"]:
        from . import sessions

        launch([], python=sessions.to_resume(given[1:]))
        return 0
    if given[:1] == ["demo"]:
        from . import demo

        return demo.main(given[1:])
    if given in (["--version"], ["--help"], ["-h"]):
        print(__version__ if given == ["--version"] else _HELP)
        return 0
    launch([*given])
    return 0


def launch(arguments: list[str], *, python: str = _OPEN_PANEL) -> None:
    """Start PyMOL in this process with its own arguments; returns only where PyMOL does.

    Args:
        arguments: PyMOL's, passed on as they are.
        python: One line of Python that PyMOL runs when its window stands, before it opens the files.
    """
    import pymol

    sys.argv = ["pymol", "-d", f"/{python}", *arguments]
    pymol.launch()


if __name__ == "__main__":
    sys.exit(main())
