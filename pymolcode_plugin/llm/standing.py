"""How the user stands with every provider: signed in, keyed, on this machine, or not; for menus and lists."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from ..auth.credentials import Credential, OAuthClient
from ..auth.own_clients import need_client, own_clients
from ..auth.providers import Provider, find, providers
from ..auth.store import TokenStore
from ..config.settings import Settings
from ..core.errors import ConfigError, SignInFailed
from ..core.scene import Frozen
from .reach import CUSTOM, Known, Layer, Reach, known_of, reach, variables


class Standing(Frozen):
    """One provider.

    Attributes:
        state: Who is signed in, or where a key was found (its name only), in words; empty where there is nothing.
        signed_in: The token store has an entry, so that one can sign out.
        by_oauth: That came of a browser or a code.
        address: Where it is, as far as the user or the environment named that.
        missing: What is missing for a sign-in without a key, in words.
        reach: How it is asked; None where there is no way yet.
    """

    provider: Provider
    state: str = ""
    signed_in: bool = False
    by_oauth: bool = False
    address: str = Field(default="", repr=False)  # it may have a password or a key in it
    missing: str = ""
    reach: Reach | None = None


def standings(
    settings: Settings, *, store: TokenStore | None = None, environment: Mapping[str, str] | None = None
) -> tuple[tuple[Standing, ...], str]:
    """Every provider in the order of the menus, and what is wrong with the store, in words. Blocking.

    Raises:
        ConfigError: `base_urls` or `auth` of the settings makes no sense.
    """
    known = known_of(settings, tuple, store, environment)
    clients = own_clients(settings.auth, known.environment, providers())
    rows = []
    for provider in providers():
        credential = known.credentials.get(provider.id)
        way = _way(known, provider)
        rows.append(
            Standing(
                provider=provider,
                state=_state(known, provider, credential, way),
                signed_in=credential is not None,
                by_oauth=_by_oauth(credential),
                address=_address(provider, known, credential),
                missing=_missing(provider, clients),
                reach=way,
            )
        )
    return tuple(rows), known.trouble


def missing_client(settings: Settings, provider: Provider) -> str:
    """What is missing for a sign-in without a key, in words; empty where nothing is, or where there is no such way.

    Raises:
        ConfigError: `auth` of the settings makes no sense.
    """
    return _missing(provider, own_clients(settings.auth, variables(settings), providers()))


def key_variable(settings: Settings, provider: Provider) -> str:
    """The environment variable that holds a key for it; empty where none does."""
    return _key_variable(provider, variables(settings))


def _missing(provider: Provider, clients: Mapping[str, OAuthClient]) -> str:
    if provider.oauth is None:
        return ""
    try:
        need_client(provider, provider.oauth, clients.get(provider.id))
    except SignInFailed as error:
        return error.message
    return ""


def _way(known: Known, provider: Provider) -> Reach | None:
    """How it is asked; None where it wants a key and there is none, or its address is not known."""
    if provider.api == "builtin":
        return Reach(provider=provider, base_url="")
    if provider.id not in known.credentials and _is_shared(provider, known.environment):
        return None
    try:
        found = reach(known, provider.id, Layer.CHAT)
    except ConfigError:
        return None
    has_way = found.key is not None or found.signed_in or not provider.needs_key
    return found if has_way else None


def _state(known: Known, provider: Provider, credential: Credential | None, way: Reach | None) -> str:
    if provider.api == "builtin":
        return "Runs here, needs no account"
    if credential is not None and credential.has_secret:
        account = str(credential.metadata.get("account", ""))
        if not _by_oauth(credential):
            return "Key saved"
        return f"Signed in as {account}" if account else "Signed in"
    variable = _key_variable(provider, known.environment)
    if variable and (provider.needs_key or way is not None):
        return f"Key in {variable}"
    if provider.local:
        return "Needs no key"
    return "Needs no key" if way is not None and not provider.needs_key else ""


def _key_variable(provider: Provider, environment: Mapping[str, str]) -> str:
    return "" if _is_shared(provider, environment) else _first(provider.key_env, environment)


def _is_shared(provider: Provider, environment: Mapping[str, str]) -> bool:
    """Whether its variable holds the key of another server, because that one's address is set beside it."""
    custom = find(CUSTOM)
    variable = _first(provider.key_env, environment)
    return provider.id != CUSTOM and variable in custom.key_env and bool(_first(custom.base_url_env, environment))


def _first(names: tuple[str, ...], environment: Mapping[str, str]) -> str:
    return next((name for name in names if environment.get(name)), "")


def _by_oauth(credential: Credential | None) -> bool:
    return credential is not None and credential.metadata.get("method") in ("browser", "device")


def _address(provider: Provider, known: Known, credential: Credential | None) -> str:
    stored_address = str(credential.metadata.get("base_url", "")) if credential else ""
    variable = known.variable(provider.base_url_env)
    return known.base_urls.get(provider.id, "") or stored_address or known.environment.get(variable, "")
