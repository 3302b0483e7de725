"""OAuth clients that the user brought: `auth:` of config.yaml, and the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import SecretStr, ValidationError

from ..core.errors import ConfigError, SignInFailed
from ..masking import hide
from .credentials import OAuthClient
from .providers import OAuth, Provider

Set = Mapping[str, SecretStr | tuple[str, ...]]


def own_clients(
    auth: Mapping[str, Set], environment: Mapping[str, str], providers: Iterable[Provider]
) -> dict[str, OAuthClient]:
    """The client of every provider that has one, by id. `PYMOLCODE_…` goes before `auth:`, that before other names.

    Raises:
        ConfigError: `auth:` names no provider, or something that a client does not have.
    """
    left = dict(auth)
    found: dict[str, OAuthClient] = {}
    for provider in providers:
        names = [name for name in (provider.id, *provider.aliases) if name in left]
        configured = _configured(provider.id, [left.pop(name) for name in names])
        client = _with_environment(configured, provider, environment)
        hide(client.client_secret)
        if client != OAuthClient():
            found[provider.id] = client
    if left:
        raise ConfigError(f"`auth:` names what is no provider: {', '.join(sorted(left))}.")
    return found


def _configured(provider_id: str, settings: list[Set]) -> OAuthClient:
    values: dict[str, object] = {}
    for setting in settings:
        for name, value in setting.items():
            plain = value.get_secret_value().strip() if isinstance(value, SecretStr) else value
            values[name] = tuple(plain.split()) if name == "scopes" and isinstance(plain, str) else plain
    unknown = values.keys() - OAuthClient.model_fields.keys()
    if unknown:
        known = ", ".join(OAuthClient.model_fields)
        raise ConfigError(
            f"`auth: {provider_id}:` has what no client has: {', '.join(unknown)}.", hint=f"Known: {known}."
        )
    try:
        return OAuthClient.model_validate(values)
    except ValidationError:
        # pydantic's own message would print the value, which may be the secret.
        raise ConfigError(f"`auth: {provider_id}:` has a value that does not fit.") from None


def _with_environment(configured: OAuthClient, provider: Provider, environment: Mapping[str, str]) -> OAuthClient:
    """A secret goes with the id of its own layer or one below, never with an id from above."""
    oauth = provider.oauth or OAuth()
    ours = variable(provider.id)
    layers = (
        (_first(environment, (f"{ours}_CLIENT_ID",)), _first(environment, (f"{ours}_CLIENT_SECRET",))),
        (configured.client_id, configured.client_secret.get_secret_value() if configured.client_secret else ""),
        (_first(environment, oauth.client_id_env), _first(environment, oauth.client_secret_env)),
    )
    client_id, secret = "", ""
    for layer_id, layer_secret in layers:
        secret = secret or layer_secret
        if layer_id:
            client_id = layer_id
            break
    update = {"client_id": client_id, "client_secret": SecretStr(secret) if secret and client_id else None}
    return configured.model_copy(update=update)


def variable(provider_id: str) -> str:
    """`PYMOLCODE_GITHUB_COPILOT` for `github-copilot`."""
    return "PYMOLCODE_" + re.sub(r"[^A-Z0-9]", "_", provider_id.upper())


def _first(environment: Mapping[str, str], names: Iterable[str]) -> str:
    return next((text for name in names if (text := environment.get(name, "").strip())), "")


def need_client(provider: Provider, oauth: OAuth, brought: OAuthClient | None) -> OAuthClient:
    """The client to sign in with: the user's, else the one that is registered for pymolcode.

    Raises:
        SignInFailed: There is none; says what to set.
    """
    client = brought or OAuthClient()
    if client.client_id or oauth.kind != "standard":
        return client
    if oauth.client_id:
        return client.model_copy(update={"client_id": oauth.client_id})
    where = f"`auth: {{{provider.id}: {{client_id: …}}}}` in config.yaml or {variable(provider.id)}_CLIENT_ID"
    key = f" A key works too: `pymolcode-auth login {provider.id} --api-key -`." if "key" in provider.methods else ""
    raise SignInFailed(
        f"Signing in to {provider.title} needs a client id of your own.",
        hint=f"{oauth.bring_client} Set it as {where}.{key}".strip(),
    )
