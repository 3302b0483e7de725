"""Reads a file of `NAME=value` lines. Nothing is looked up or run in it, and no process inherits it."""

from __future__ import annotations

import re
from pathlib import Path

from ..core.errors import ConfigError

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<rest>.*)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "$": "$", "`": "`"}
_MAX_BYTES = 1_000_000


def read(path: Path) -> dict[str, str]:
    """The variables of the file; a later line beats an earlier one.

    `export` before a name, quotes around a value, and comments after `#` are allowed; `$NAME` stays as it is written.

    Raises:
        ConfigError: It is not there, too large, no text, or a line makes no sense; names the line, never what it says.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ConfigError(f"{path} is too large for a file of `NAME=value` lines.", hint="Correct `env_file`.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ConfigError(f"{path} cannot be read: {reason}.", hint="Correct `env_file`, or remove it.") from None
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        value = _value(match["rest"]) if match else None
        if match is None or value is None:
            raise ConfigError(f"Line {number} of {path} is not `NAME=value`.", hint="Correct it, or remove it.")
        found[match["name"]] = value
    return found


def _value(rest: str) -> str | None:
    """What stands after the equals sign; None where a quote is not closed or something follows it."""
    if not rest.startswith(('"', "'")):
        return re.split(r"(?:^|\s)#", rest, maxsplit=1)[0].strip()
    quote = rest[0]
    pattern = r"'([^']*)'" if quote == "'" else r'"((?:[^"\\]|\\.)*)"'
    match = re.fullmatch(pattern + r"\s*(?:#.*)?", rest)
    if match is None:
        return None
    return match[1] if quote == "'" else re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[0]), match[1])
