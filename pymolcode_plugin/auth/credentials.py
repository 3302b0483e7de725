"""What somebody signed in with, as values. Secrets are `SecretStr`: no repr, log or error shows one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from pydantic import SecretStr

from ..core.scene import Frozen
from .providers import Method

TokenType = Literal["Bearer", "api_key", "none"]


class Credential(Frozen):
    """One entry of the store, in the shape of `auth.json`.

    Attributes:
        access_token: The key or token; empty for a server that needs none.
        token_type: `api_key` for keys that stay; `none` for a server that needs no key but was chosen.
        expires_at: Seconds since 1970; None where it does not expire.
        metadata: No secrets: `method`, `chosen_at` (seconds since 1970: the newest is the provider in use), `model`,
            `account` (who signed in, for people), `client_id`, `token_url`, `revoke_url`, `scope`, `base_url`,
            `client_auth` (how a client with a secret proves itself), `obtained_at` (seconds since 1970), `keyring`
            (True where the system's keyring keeps the secrets, which are empty here until it was asked), `renewable`
            (whether a refresh token is there).
    """

    provider_id: str
    access_token: SecretStr = SecretStr("")
    token_type: TokenType = "api_key"  # noqa: S105  # a kind, no secret
    refresh_token: SecretStr | None = None
    expires_at: float | None = None
    metadata: Mapping[str, str | float | bool] = {}

    @property
    def in_keyring(self) -> bool:
        """Whether the system's keyring keeps the secrets."""
        return bool(self.metadata.get("keyring"))

    @property
    def has_secret(self) -> bool:
        """Whether there is a key or token, here or in the keyring, which is not asked for this."""
        return self.in_keyring or bool(self.access_token.get_secret_value())

    @property
    def can_renew(self) -> bool:
        """Whether there is a refresh token, here or in the keyring."""
        return self.refresh_token is not None or (self.in_keyring and bool(self.metadata.get("renewable", True)))


class DeviceCode(Frozen):
    """What a person types at another device (RFC 8628).

    Attributes:
        expires_at: Seconds since 1970.
    """

    user_code: str
    verification_uri: str
    verification_uri_complete: str = ""
    expires_at: float


class SignInFront(Protocol):
    """The terminal or dialog in which somebody signs in."""

    def open_page(self, url: str) -> None:
        """Open this address in the browser, or show it."""
        ...

    def show_code(self, code: DeviceCode) -> None:
        """Show the code and where to type it."""
        ...


class SignedIn(Frozen):
    """How a sign-in ended."""

    provider_id: str
    method: Method
    account: str = ""
    expires_at: float | None = None
    note: str = ""


class SignedOut(Frozen):
    """How a sign-out ended. `revoked` is None where the provider offers none."""

    provider_id: str
    revoked: bool | None
    note: str = ""


class OAuthClient(Frozen):
    """A client id that the user brought, with the addresses it belongs to where they are not the provider's usual."""

    client_id: str = ""
    client_secret: SecretStr | None = None
    issuer: str = ""
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    revoke_url: str = ""
    scopes: tuple[str, ...] = ()
