"""`pymolcode-auth`, which is also `pymolcode auth`: sign in, choose a model, see what is used and why.

Nothing here needs Qt or PyMOL, and only what a command needs is imported: `--help` is there at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable

from .. import bootstrap
from ..core.errors import PymolcodeError
from . import auth_arguments, last_words

_STOPPED = 130
_NOBODY_READS = 141  # as a shell tells of SIGPIPE


def main(arguments: list[str] | None = None, *, prog: str = "pymolcode-auth") -> int:
    """Run one command; returns the exit code.

    Args:
        arguments: Those of the process unless they are given.
        prog: What the user typed, for help and errors.
    """
    given = sys.argv[1:] if arguments is None else arguments
    bootstrap.activate()
    last_words.without_secrets()
    _survive_the_terminal()
    as_json = "--json" in given
    try:
        options = auth_arguments.parsed(given, prog)
        code = _command(options.command)(options)
        sys.stdout.flush()
        return code
    except PymolcodeError as error:  # border: a command ends with a message
        return _failed(error.message, prog, as_json=as_json)
    except KeyboardInterrupt as stopped:
        _failed(str(stopped) or "Stopped.", prog, as_json=as_json)
        return _STOPPED
    except BrokenPipeError:
        # Whoever read is gone, e.g. `head`; Python would try to write the rest once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOBODY_READS


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    from .. import logs
    from ..config import paths

    # Before anything can be logged: unless it is told where to, structlog prints.
    logs.configure(paths.logs_folder())
    if name == "login":
        from . import auth_login

        return auth_login.login
    if name == "logout":
        from . import auth_logout

        return auth_logout.logout
    if name in ("status", "list"):
        from . import auth_status

        return {"status": auth_status.status, "list": auth_status.providers}[name]
    from . import auth_models

    return {"use": auth_models.use, "models": auth_models.models, "test": auth_models.test}[name]


def _failed(message: str, prog: str, *, as_json: bool) -> int:
    from . import auth_text

    text = auth_text.plain(message, limit=2000)
    if as_json:
        auth_text.show_json({"error": text})
    else:
        print(f"{prog}: {text}", file=sys.stderr)
    return 1


def _survive_the_terminal() -> None:
    """A name with an accent must not end a command on a terminal that cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            with contextlib.suppress(ValueError, OSError):
                reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
