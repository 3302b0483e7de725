"""Keys as people paste them."""

from __future__ import annotations

from pydantic import SecretStr

from ..core.errors import SignInFailed
from ..masking import hide
from .credentials import Credential
from .providers import Provider

_PLACEHOLDER = "your-api-key-here"
_QUOTES = "\"'`“”‘’"


def credential(provider: Provider, key: SecretStr | None) -> Credential:
    """What is stored of a key; without one where the provider needs none.

    Raises:
        SignInFailed: It is no key. Says why, not what it was.
    """
    text = key.get_secret_value().strip().strip(_QUOTES).strip() if key else ""
    if not text and not provider.needs_key:
        return Credential(provider_id=provider.id, token_type="none", metadata={"method": "key"})  # noqa: S106
    why = _why_not(text)
    if why:
        page = f"Keys are had at {provider.key_page}." if provider.key_page else ""
        raise SignInFailed(f"That is no key for {provider.title}: {why}.", hint=page)
    hide(text)
    return Credential(provider_id=provider.id, access_token=SecretStr(text), metadata={"method": "key"})


def _why_not(text: str) -> str:
    if not text:
        return "it is empty"
    if text.lower() == _PLACEHOLDER:
        return "it is the placeholder of an example"
    if not text.isascii():
        return "it has characters that no key has (copied from a formatted text?)"
    if not text.isprintable() or " " in text:
        return "it has spaces, line ends or control characters in it"
    return ""
