"""Entries of `auth.json` to credentials and back; what is not understood is kept as it is."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr, ValidationError

from .credentials import Credential

_OURS = ("provider_id", "access_token", "token_type", "refresh_token", "expires_at", "metadata")
_PLAIN = (str, int, float, bool)


def credential(provider_id: str, raw: object) -> Credential | None:
    """What an entry says; None where it makes no sense."""
    if not isinstance(raw, dict):
        return None
    metadata = raw.get("metadata")
    known = {
        **{name: raw[name] for name in ("access_token", "refresh_token", "expires_at") if raw.get(name) is not None},
        "token_type": _token_type(raw.get("token_type")),
        "metadata": _plain(metadata) if isinstance(metadata, dict) else {},
    }
    with contextlib.suppress(ValidationError):
        return Credential(provider_id=provider_id, **known)
    return None


def merged(old: object, new: Credential) -> dict[str, Any]:
    """The entry to write: all of `new`, and of the old one what another version put there."""
    before = old if isinstance(old, dict) else {}
    strange = {name: value for name, value in before.items() if name not in _OURS}
    metadata = before.get("metadata")
    nested = (
        {name: value for name, value in metadata.items() if not isinstance(value, _PLAIN)}
        if isinstance(metadata, dict)
        else {}
    )
    entry: dict[str, Any] = {
        "provider_id": new.provider_id,
        "access_token": new.access_token.get_secret_value(),
        "token_type": new.token_type,
    }
    if new.refresh_token is not None:
        entry["refresh_token"] = new.refresh_token.get_secret_value()
    if new.expires_at is not None:
        entry["expires_at"] = new.expires_at
    if new.metadata or nested:
        entry["metadata"] = {**nested, **new.metadata}
    return strange | entry


def secrets(credential: Credential) -> str:
    """What a vault keeps."""
    refresh = credential.refresh_token.get_secret_value() if credential.refresh_token else None
    return json.dumps({"access_token": credential.access_token.get_secret_value(), "refresh_token": refresh})


def with_secrets(credential: Credential, text: str) -> Credential:
    """A credential with what a vault kept of it; without, where that makes no sense."""
    try:
        found = json.loads(text or "{}")
        access, refresh = found.get("access_token") or "", found.get("refresh_token")
    except (ValueError, AttributeError):
        return credential
    update = {"access_token": SecretStr(str(access)), "refresh_token": SecretStr(str(refresh)) if refresh else None}
    return credential.model_copy(update=update)


def file_name(provider_id: str) -> str:
    """Of a provider's own files: every system takes it, and no two ids share one."""
    plain = re.sub(r"[^a-z0-9-]", "_", provider_id)[:40]
    if plain == provider_id:
        return plain
    return f"{plain}-{hashlib.sha256(provider_id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _token_type(value: object) -> str:
    words = str(value or "").lower()
    return {"bearer": "Bearer", "none": "none"}.get(words, "api_key")


def _plain(metadata: Mapping[str, object]) -> dict[str, str | float | bool]:
    return {name: value for name, value in metadata.items() if isinstance(value, _PLAIN)}
