"""The child process that ray-traces one session without a window; started by `rendering`, ends with its parent.

It reads one JSON line from stdin, writes the picture, prints what PyMOL says, and ends at once when stdin ends:
that is how it learns that PyMOL is gone, however PyMOL went.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import threading
from pathlib import Path
from typing import Any


def main() -> None:
    """Never returns: PyMOL may crash in its own clean-up once a scene was recalled."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # PyMOL's window comes first
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    done = 1
    try:
        _render(job)
        done = 0
    except Exception as error:  # noqa: BLE001  # border: the parent turns the reason into a message
        _say(f"{type(error).__name__}: {error}")
    sys.stdout.flush()
    os._exit(done)


def _render(job: dict[str, Any]) -> None:
    import pymol  # noqa: PLC0415  # what comes before must be quick

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd  # noqa: PLC0415  # reads the options at import

    kept = pickle.loads(Path(job["session"]).read_bytes())  # noqa: S301  # our parent's own bytes
    cmd.viewport(*kept["viewport"])
    cmd.set_session(kept["session"], quiet=1)
    _set(cmd, kept["settings"])
    cmd.viewport(*kept["viewport"])
    if job["ray"] is not None:
        cmd.ray(**job["ray"])
    cmd.png(job["picture"], **job["png"])


def _set(cmd: Any, wanted: dict[str, tuple[Any, str]]) -> None:  # noqa: ANN401  # cmd is untyped
    """Some settings are not part of a session, such as stereo or the number of threads."""
    for name, (value, text) in wanted.items():
        if cmd.get_setting_tuple(name) != value:
            cmd.set(name, text, quiet=1)


def _end_with_stdin() -> None:
    while sys.stdin.readline():
        pass
    os._exit(1)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
