"""The sign-in service: what the command line, the panel and requests to models ask for."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from ..config.settings import Settings
from .credentials import Credential, OAuthClient, SignedIn, SignedOut, SignInFront
from .providers import Method
from .store import TokenStore


class SignIn:
    """Signs in, out, and hands out what requests carry.

    Args:
        store: Where credentials are kept.
        clients: Client ids that the user configured (`auth:` in config.yaml), by provider.
    """

    def __init__(self, store: TokenStore, clients: Mapping[str, OAuthClient] | None = None) -> None:
        raise NotImplementedError

    @classmethod
    def from_settings(cls, settings: Settings) -> SignIn:
        """The user's own: `~/.pymolcode/auth.json`, or the keyring, and the clients of config.yaml and the environment.

        Raises:
            ConfigError: `auth:` makes no sense.
        """
        raise NotImplementedError

    async def sign_in(
        self, provider_id: str, method: Method, front: SignInFront | None = None, *, key: SecretStr | None = None
    ) -> SignedIn:
        """Sign in and make it the provider in use; cancelling leaves nothing behind.

        Args:
            provider_id: Of `resources/providers.yaml`.
            method: `key` stores `key`, the others need a front.
            front: The terminal or dialog of a browser or device sign-in.
            key: Of the provider, for the method `key`.

        Raises:
            SignInFailed: Refused, timed out, or the answer was not ours; says what to do.
        """
        raise NotImplementedError

    async def sign_out(self, provider_id: str) -> SignedOut:
        """Forget the credential, after revoking it where the provider offers that; forgotten also if that fails."""
        raise NotImplementedError

    async def fresh(self, provider_id: str, *, refused: SecretStr | None = None) -> Credential:
        """The credential to use now, refreshed where it has expired or nearly; one refresh however many ask.

        Args:
            provider_id: Whose.
            refused: The access token that a request was refused with (401): refresh unless it was replaced meanwhile.

        Raises:
            NotSignedIn: There is none, or it expired and cannot be refreshed.
        """
        raise NotImplementedError
