"""Takes secrets out of text: those that are known by their value, and what looks like one.

Whoever reads a secret, from the store, a setting or the environment, hides it here first; whatever is written or shown
passes through `mask`. In memory only.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

MASK = "********"
_MIN_CHARS = 8  # anything shorter would take words out of ordinary text
_MIN_SHARED_CHARS = 3  # of a key's beginning that a vendor repeats, as in sk-abc***xyz
_NAMES = re.compile(r"key|token|secret|password|passwd|credential|authorization", re.IGNORECASE)
_LOOKS = re.compile(
    r"\b(?:"
    r"sk-[\w-]{8,}|gsk_\w{8,}|xai-[\w-]{8,}|hf_\w{8,}|AIza[\w-]{20,}|ya29\.[\w.-]{8,}|"
    r"gh[oprsu]_\w{16,}|github_pat_\w{16,}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|"
    r"Bearer\s+[\w.~+/=-]{4,})",
)
# A key that somebody has already shortened, by stars, dots or bullets in its middle.
_SHORTENED = re.compile(r"\b[A-Za-z][\w-]{2,}(?:\*{2,}|•+|…|\.{3,})[\w-]*")
_lock = threading.Lock()
_known: set[str] = set()


def hide(*secrets: SecretStr | str | None) -> None:
    """From now on `mask` knows these; too short ones are left, because they are parts of ordinary words."""
    values = [item.get_secret_value() if isinstance(item, SecretStr) else item for item in secrets]
    found = {form for value in values if value for form in (value, quote(value, safe="")) if len(value) >= _MIN_CHARS}
    with _lock:
        if not found <= _known:
            _known.update(found)
            _pattern.cache_clear()


def hide_environment(environment: Mapping[str, str]) -> None:
    """Hide the values of variables whose names say that they hold a secret; names of files stay readable."""
    hide(
        *(
            value
            for name, value in environment.items()
            if _NAMES.search(name) and "/" not in value and "\\" not in value and not value.isdigit()
        )
    )


def mask(text: str) -> str:
    """The same text without secrets."""
    known = _pattern()
    return _LOOKS.sub(MASK, known.sub(MASK, text) if known is not None else text)


def masked(value: Any) -> Any:  # noqa: ANN401  # anything that becomes JSON
    """The same value with `mask` on every text in it: once it is written as JSON, escapes would hide a key."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {name: masked(item) for name, item in value.items()}
    return [masked(item) for item in value] if isinstance(value, (list, tuple)) else value


def mask_answer(text: str) -> str:
    """What a server said of a request, which may repeat the ends of the key it was sent."""
    with _lock:
        known = tuple(_known)

    def shortened(match: re.Match[str]) -> str:
        begin = match[0][:_MIN_SHARED_CHARS]
        return MASK if any(value.startswith(begin) for value in known) or "-" in match[0] else match[0]

    return mask(_SHORTENED.sub(shortened, text))


@functools.lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str] | None:
    with _lock:
        longest_first = sorted(_known, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
