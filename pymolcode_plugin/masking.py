"""Takes secrets out of text: those that are known by their value, and what looks like one.

Whoever reads a secret, from the store, a setting or the environment, hides it here first; whatever is written or shown
passes through `mask`. In memory only.
"""

from __future__ import annotations

import base64
import functools
import json
import re
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pydantic import SecretStr

MASK = "********"
_MIN_CHARS = 8  # anything shorter would take words out of ordinary text
_MIN_SHARED_CHARS = 3  # of a key's beginning that a vendor repeats, as in sk-abc***xyz
_NAMES = re.compile(
    r"key|token|secret|password|passwd|passphrase|credential|authorization"
    r"|(?:^|_)(?:pass|pat|auth|jwt|bearer)(?:_|$)|_pwd(?:_|$)",
    re.IGNORECASE,
)
_NAMES_OF_FILES = re.compile(r"_(?:file|path|dir)$", re.IGNORECASE)
# What stands in the text where a pattern may fit, and the pattern. To find the first is forty times as quick as to try
# the second everywhere; so each pattern begins with it, and looks back for what goes before.
_LOOKS = tuple(
    (marker, re.compile(pattern))
    for marker, pattern in (
        ("Bearer", r"Bearer(?<=\bBearer)\s+[\w.~+/=-]{4,}"),
        ("Basic ", r"Basic (?<=\bBasic )[\w+/-]{8,}={0,2}"),
        ("sk-", r"sk-(?<=\bsk-)[\w-]{8,}"),
        ("gsk_", r"gsk_(?<=\bgsk_)\w{8,}"),
        ("xai-", r"xai-(?<=\bxai-)[\w-]{8,}"),
        ("hf_", r"hf_(?<=\bhf_)\w{8,}"),
        ("AIza", r"AIza(?<=\bAIza)[\w-]{20,}"),
        ("ya29.", r"ya29\.(?<=\bya29.)[\w.-]{8,}"),
        *((f"gh{kind}_", rf"gh{kind}_(?<=\bgh{kind}_)\w{{16,}}") for kind in "oprsu"),
        ("github_pat_", r"github_pat_(?<=\bgithub_pat_)\w{16,}"),
        ("eyJ", r"eyJ(?<=\beyJ)[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),
    )
)
# A password in an address, and what its query names so.
_IN_ADDRESS = re.compile(r"(://[^\s/:@]{0,80}:)[^\s/@]{1,200}(?=@)")
_IN_QUERY = re.compile(
    r"([?&][\w.-]{0,40}(?:[Kk]ey|[Tt]oken|[Ss]ecret|[Pp]assword|[Ss]ignature)=)[^&#\s\"'<>()\[\]{},;]{8,}"
)
_ENDS_IN_QUERY = ("ey=", "oken=", "ecret=", "assword=", "ignature=")
# A key that somebody has already shortened, by stars, dots or bullets in its middle; its end may have a quote or a
# slash in it, but the point or the quote behind it is no part of it.
_SHORTENED = re.compile(r"\b[A-Za-z][\w-]{2,}(?:\*{2,}|•+|…|\.{3,})(?:[^\s\w]{0,2}[\w-]+)*=*")
_lock = threading.Lock()
_known: set[str] = set()


def hide(*secrets: SecretStr | str | None) -> None:
    """From now on `mask` knows these; too short ones are left, because they are parts of ordinary words."""
    values = [item.get_secret_value() if isinstance(item, SecretStr) else item for item in secrets]
    found = {value for value in values if value and len(value) >= _MIN_CHARS}
    with _lock:
        if not found <= _known:
            _known.update(found)
            _forms.cache_clear()


def hide_environment(environment: Mapping[str, str]) -> None:
    """Hide the values of variables whose names say that they hold a secret, and passwords in addresses.

    Names of files stay readable.
    """
    for name, value in environment.items():
        if "://" in value:
            hide(*_passwords(value))
        elif _NAMES.search(name) and not _NAMES_OF_FILES.search(name) and not value.isdigit() and not _is_file(value):
            hide(value)


def mask(text: str) -> str:
    """The same text without secrets."""
    plain, escaped = _forms()
    found = [form for form in plain if form in text]
    if "%" in text or "\\" in text:
        found += [form for form in escaped if form in text]
    if found:
        text = _any_of(tuple(found)).sub(MASK, text)
    for marker, pattern in _LOOKS:
        if marker in text:
            text = pattern.sub(MASK, text)
    if "://" in text and "@" in text:
        text = _IN_ADDRESS.sub(rf"\1{MASK}", text)
    if ("?" in text or "&" in text) and any(end in text for end in _ENDS_IN_QUERY):
        text = _IN_QUERY.sub(rf"\1{MASK}", text)
    return text


def masked(value: Any) -> Any:  # noqa: ANN401  # anything that becomes JSON
    """The same value with `mask` on every text in it: once it is written as JSON, escapes would hide a key."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {mask(name) if isinstance(name, str) else name: masked(item) for name, item in value.items()}
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
def _forms() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every way in which a known secret may be written: without `%` and backslashes, and with them."""
    with _lock:
        known = tuple(_known)
    forms = {form for value in known for form in (value, *_written(value))}
    escaped = {form for form in forms if "%" in form or "\\" in form}
    return tuple(forms - escaped), tuple(escaped)


def _written(value: str) -> Iterator[str]:
    """As a part of an address, of JSON, of Python's repr, of base64."""
    for percent in (
        quote(value, safe="", errors="replace"),
        quote(value, errors="replace"),
        quote_plus(value, errors="replace"),
    ):
        yield percent
        yield re.sub("%..", lambda code: code[0].lower(), percent)
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield repr(value)[1:-1]
    for encoded in _base64(value.encode("utf-8", "surrogatepass")):
        if len(encoded) >= _MIN_CHARS:
            yield encoded
            yield encoded.translate({ord("+"): "-", ord("/"): "_"})


def _base64(data: bytes) -> Iterator[str]:
    """What is the same wherever `data` stands in a longer text that is encoded, as in `user:secret`."""
    for before, touched in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(b"\0" * before + data).decode("ascii")
        yield encoded[touched : (before + len(data)) * 8 // 6]


@functools.lru_cache(maxsize=64)
def _any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """The longest first: one may begin as another does."""
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))


def _passwords(address: str) -> tuple[str, ...]:
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        return ()
    return password, unquote(password)


def _is_file(value: str) -> bool:
    """Whether it names one; a key may begin with a slash too."""
    if not value.startswith(("/", "~", ".")) and not re.match(r"[A-Za-z]:[\\/]", value):
        return False
    try:
        path = Path(value).expanduser()
        if path.suffix or path.exists():
            return True
        return path.parent != path.parent.parent and path.parent.is_dir()
    except (ValueError, OSError, RuntimeError):  # no name that a system takes, or nobody's home
        return False
