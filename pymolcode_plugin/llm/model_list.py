"""The models that a provider lists, with what is known of them."""

from __future__ import annotations

from pydantic import SecretStr

from ..auth.providers import Provider
from ..auth.sign_in import SignIn
from ..core.model_info import ModelInfo
from ..core.outgoing import Wire


async def models_of(
    provider: Provider,
    base_url: str,
    wire: Wire | None = None,
    *,
    key: SecretStr | None = None,
    sign_in: SignIn | None = None,
) -> tuple[ModelInfo, ...]:
    """Asks the provider for its list, those for chat only, newest first; for the built-in model the catalogue.

    Raises:
        NotSignedIn: It wants a key.
        ProviderError: It cannot be reached, or lists none.
    """
    raise NotImplementedError
