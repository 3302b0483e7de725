"""What Python itself writes to a terminal where something fails that nobody expected: without secrets."""

from __future__ import annotations

import sys
import threading
from types import TracebackType


def without_secrets() -> None:
    """From now on tracebacks, of any thread, are masked; what libraries log is `logs.configure`'s business.

    The message of an error may hold whatever was given to what failed, a key or a file's content for one.
    """
    sys.excepthook = _told
    threading.excepthook = lambda failed: _told(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _told(failed.exc_type, failed.exc_value, failed.exc_traceback)


def _told(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    import traceback  # only where something failed: `--help` is there at once

    from ..masking import mask

    if sys.stderr is not None and not issubclass(kind, SystemExit):
        sys.stderr.write(mask("".join(traceback.format_exception(kind, error, where))))
        sys.stderr.flush()
