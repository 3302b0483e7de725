"""The last request to a model, made readable: no keys, pictures as their size. Never on disk, never in a log."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..masking import MASK, mask, masked

_MAX_CHARS = 1_000_000
_SECRET_NAME = re.compile(r"auth|key|token|secret|cookie|password|credential|signature", re.IGNORECASE)
_DATA_URL = re.compile(r"data:(image/[\w.+-]+);base64,([A-Za-z0-9+/=\s]*)")


@dataclass(frozen=True)
class LastRequest:
    """One request as it went out; its content is in no `repr`, so that it gets into no log by accident."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """Method, address, headers and body, cut at a million characters."""
        headers = "\n".join(f"{name}: {value}" for name, value in _harmless(self.headers))
        text = mask(f"{self.method} {_without_secrets(self.url)}\n{headers}\n\n") + _readable(self.body)
        n_more = len(text) - _MAX_CHARS
        return text if n_more <= 0 else f"{text[:_MAX_CHARS]}\n… ({n_more:,} more characters)"


def _harmless(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if not _SECRET_NAME.search(name)]


def _without_secrets(url: str) -> str:
    """Some vendors take the key in the address."""
    parts = urlsplit(url)
    query = "&".join(
        f"{pair.partition('=')[0]}={MASK}" if _SECRET_NAME.search(pair.partition("=")[0]) else pair
        for pair in parts.query.split("&")
    )
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def _readable(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return mask(_DATA_URL.sub(_picture, text))
    return json.dumps(masked(_shortened(value)), ensure_ascii=False, indent=2)


def _shortened(value: Any) -> Any:  # noqa: ANN401  # JSON
    """The same JSON with words in place of pictures, in the ways the vendors' formats hold them."""
    if isinstance(value, str):
        return _DATA_URL.sub(_picture, value)
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "base64" and isinstance(value.get("data"), str):
        return value | {"data": _size(value["data"])}
    return {key: _shortened(item) for key, item in value.items()}


def _picture(match: re.Match[str]) -> str:
    return _size(match[2])


def _size(base64_text: str) -> str:
    return f"(picture, {max(1, round(len(base64_text) * 3 / 4 / 1000))} kB)"
