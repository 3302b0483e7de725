"""What Python itself writes to a terminal where something fails that nobody expected: without secrets."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType


def without_secrets() -> None:
    """From now on tracebacks, of any thread, and what libraries log without having been told where to, are masked.

    The message of an error may hold whatever was given to what failed, a key or a file's content for one.
    """
    sys.excepthook = _told
    threading.excepthook = lambda failed: _told(failed.exc_type, failed.exc_value, failed.exc_traceback)
    sys.unraisablehook = lambda failed: _told(failed.exc_type, failed.exc_value, failed.exc_traceback)
    if logging.lastResort is not None:  # asyncio's "exception was never retrieved", above all
        logging.lastResort.setFormatter(_Masked())


def _told(kind: type[BaseException], error: BaseException | None, where: TracebackType | None) -> None:
    from ..masking import mask

    if sys.stderr is not None and not issubclass(kind, SystemExit):
        sys.stderr.write(mask("".join(traceback.format_exception(kind, error, where))))
        sys.stderr.flush()


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        from ..masking import mask

        return mask(super().format(record))
