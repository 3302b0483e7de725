"""structlog, set up once; secrets are masked before a line is written."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from .masking import MASK, hide_environment, mask

_SECRET_KEYS = re.compile(r"(api[_-]?key|token|secret|password|authorization|credential)", re.IGNORECASE)
_MAX_BYTES = 2_000_000


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  # structlog's signature
    for key, value in event.items():
        if key != "event" and _SECRET_KEYS.search(key) and not isinstance(value, (int, float)):
            event[key] = MASK
        elif isinstance(value, str):
            event[key] = mask(value)
    return event


class _Masked(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        return mask(super().format(record))


class _File:
    """A log whose failures are nobody's: a full disk must not end what was being logged.

    Opened for each line, so that no handle keeps the folder from being removed; at 2 MB it begins anew, and the one
    before is kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, text: str) -> None:
        """Append."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > _MAX_BYTES:
                self._path.replace(self._path.with_suffix(".old.log"))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)

    def flush(self) -> None:
        """Nothing waits."""


def configure(folder: Path | None = None) -> None:
    """Write JSON lines to `folder`/pymolcode.log, or to stderr where no folder is given."""
    hide_environment(os.environ)
    if logging.lastResort is not None:  # what libraries log, asyncio's "exception was never retrieved" above all
        logging.lastResort.setFormatter(_Masked())
    stream: Any = sys.stderr if folder is None else _File(folder / "pymolcode.log")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _mask_event,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events carry `room=name`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(room=name)
    return logger
