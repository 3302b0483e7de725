"""The child process that works on a copy of the session without a window; started by `beside`, ends with its parent.

It reads one JSON line from stdin, writes the result, prints what PyMOL says, and ends at once when stdin ends: that
is how it learns that PyMOL is gone, however PyMOL went.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .area import area


def main() -> None:
    """Never returns."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # PyMOL's window comes first
    run_job(_work)


def run_job(work: Callable[[dict[str, Any]], None]) -> None:
    """Do the job that stands on stdin; never returns: PyMOL may crash in its clean-up once a scene was recalled."""
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_stdin, daemon=True).start()
    code = 1
    try:
        work(job)
        code = 0
    except Exception as error:  # noqa: BLE001  # border: the parent turns the reason into a message
        sys.stdout.write((str(error) or type(error).__name__) + "\n")
    sys.stdout.flush()
    os._exit(code)


def _work(job: dict[str, Any]) -> None:
    cmd = headless_pymol()
    kept = pickle.loads(Path(job["session"]).read_bytes())  # noqa: S301  # our parent's own bytes
    cmd.viewport(*kept["viewport"])
    cmd.set_session(kept["session"], quiet=1)
    _set(cmd, kept["settings"])
    cmd.viewport(*kept["viewport"])
    value = None
    for name, arguments in job["steps"]:
        value = area(cmd, **arguments) if name == "area" else getattr(cmd, name)(**arguments)
    Path(job["value"]).write_text(json.dumps(value if isinstance(value, (int, float)) else None))


def headless_pymol() -> Any:
    """PyMOL's `cmd`, without a window and without the user's own start-up files."""
    import pymol  # noqa: PLC0415  # it reads its options at import

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd  # noqa: PLC0415  # as above

    return cmd


def _set(cmd: Any, wanted: dict[str, tuple[Any, str]]) -> None:
    """Some settings are not part of a session, such as stereo or the number of threads."""
    for name, (value, text) in wanted.items():
        if cmd.get_setting_tuple(name) != value:
            cmd.set(name, text, quiet=1)


def end_with_stdin() -> None:
    """End when the parent is gone; in a thread of its own."""
    while sys.stdin.readline():
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
