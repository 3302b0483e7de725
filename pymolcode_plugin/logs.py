"""structlog, set up once; secrets are masked before a line is written."""

from __future__ import annotations

import re
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_SECRET_KEYS = re.compile(r"(api[_-]?key|token|secret|password|authorization|credential)", re.IGNORECASE)
_SECRET_VALUES = re.compile(r"\b(sk-[A-Za-z0-9_\-]{8,}|hf_[A-Za-z0-9]{8,}|Bearer\s+\S+)")
MASK = "********"


def mask(text: str) -> str:
    """Replace what looks like a key or a bearer token."""
    return _SECRET_VALUES.sub(MASK, text)


def _mask_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401  # structlog's signature
    for key, value in event.items():
        if key != "event" and _SECRET_KEYS.search(key) and not isinstance(value, (int, float)):
            event[key] = MASK
        elif isinstance(value, str):
            event[key] = mask(value)
    return event


def configure(folder: Path | None = None) -> None:
    """Write JSON lines to `folder`/pymolcode.log, or to stderr where no folder is given."""
    stream = sys.stderr
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / "pymolcode.log").open("a", encoding="utf-8", buffering=1)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            _mask_event,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=True,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events carry `room=name`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(room=name)
    return logger
