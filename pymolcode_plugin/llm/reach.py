"""How a provider is reached: its address and what requests carry, from the settings, the store or the environment."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import httpx2
from pydantic import Field, SecretStr

from ..address import host_of, on_this_machine
from ..auth import providers
from ..auth.credentials import Credential
from ..auth.providers import Provider
from ..auth.sign_in import SignIn
from ..auth.store import TokenStore, newest_choice
from ..config.settings import PLACEHOLDER, Settings
from ..core.errors import AuthError, ConfigError, NotSignedIn
from ..core.scene import Frozen
from .discover import LocalServer

CUSTOM = "custom"
OPENAI_CHAT = "openai-chat"
OPENAI_URL = "https://api.openai.com/v1"


class Layer(str, enum.Enum):
    """Where a model may be named, in the order in which they are looked at; the values are for people."""

    CHAT = "this chat"
    ENVIRONMENT = "PYMOLCODE_* environment"
    CONFIGURATION = "configuration"
    SIGN_IN = "sign-in"
    VARIABLES = "providers' own variables"
    SERVERS = "servers on this machine"
    BUILTIN = "built-in model"


class _Carried(TypedDict, total=False):
    """What a request carries, as fields of a `Reach`."""

    key: SecretStr
    key_from: str
    signed_in: bool
    by_oauth: bool


# Setting, store, variable: what stands in the layer itself goes first, so that signing in anew is never without effect.
_ORDER = {Layer.CHAT: (1, 0, 2), Layer.SIGN_IN: (1, 0, 2), Layer.VARIABLES: (0, 2, 1)}


class Reach(Frozen):
    """A provider's address and credential.

    Attributes:
        key: None where `signed_in`, or where none is needed.
        key_from: For people; empty where there is none.
    """

    provider: Provider
    base_url: str = Field(repr=False)  # it may have a password or a key in it
    key: SecretStr | None = None
    signed_in: bool = False
    by_oauth: bool = False
    key_from: str = ""


@dataclass(frozen=True)
class Known:
    """What a search for a model goes by, each read once.

    Attributes:
        environment: Variables that are set; those with the placeholder of example files are not.
        credentials: Of the token store, by provider.
        chosen: The provider that the user signed in to or chose last.
        trouble: What is wrong with the store, in words.
        base_urls: As set, by the id of the provider.
    """

    settings: Settings
    find_servers: Callable[[], tuple[LocalServer, ...]]
    sign_in: Callable[[], SignIn]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    credentials: Mapping[str, Credential] = field(default_factory=dict, repr=False)
    chosen: Credential | None = None
    trouble: str = ""
    base_urls: Mapping[str, str] = field(default_factory=dict, repr=False)

    def variable(self, names: tuple[str, ...]) -> str:
        """The first of these variables that is set; empty where none is."""
        return next((name for name in names if self.environment.get(name)), "")


def variables(settings: Settings, environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that count: those of the settings unless others are given, without placeholders."""
    given = settings.variables if environment is None else environment
    return {name: value for name, value in given.items() if value and value != PLACEHOLDER}


def _named_addresses(settings: Settings) -> dict[str, str]:
    """`base_urls` by the id of the provider.

    Raises:
        ConfigError: It names no provider, or what is no web address.
    """
    found = {providers.find(name).id: url for name, url in settings.base_urls.items()}
    for provider_id, url in found.items():
        _check_address(url, providers.find(provider_id))
    return found


def _stored(store: TokenStore | None) -> tuple[dict[str, Credential], Credential | None, str]:
    """Every credential, the one in use, and what is wrong with the store: no error, because none may be needed."""
    try:
        store = store or TokenStore()
        found, aside = store.all(), store.set_aside
    except AuthError as error:
        return {}, None, error.message
    # What older versions stored says nothing of when; signing in was on purpose all the same.
    first = next((found[entry.id] for entry in providers.providers() if entry.id in found), None)
    trouble = f"what could not be read was put aside as {aside}" if aside else ""
    return found, newest_choice(found.values()) or first, trouble


def known_of(
    settings: Settings,
    find_servers: Callable[[], tuple[LocalServer, ...]],
    store: TokenStore | None,
    environment: Mapping[str, str] | None,
) -> Known:
    """What there is to go by; reads the store, asks nobody.

    Raises:
        ConfigError: `base_urls` makes no sense.
    """
    credentials, chosen, trouble = _stored(store)
    return Known(
        settings=settings,
        find_servers=find_servers,
        sign_in=lambda: SignIn(store) if store is not None else SignIn.from_settings(settings),
        environment=variables(settings, environment),
        credentials=credentials,
        chosen=chosen,
        trouble=trouble,
        base_urls=_named_addresses(settings),
    )


def id_of(name: str) -> str:
    """The id of the provider that is called so; empty where none is."""
    try:
        return providers.find(name).id
    except ConfigError:
        return ""


def id_of_model(name: str) -> str:
    """The id of the provider in `PROVIDER:MODEL`; empty where there is none."""
    return id_of(name.partition(":")[0])


def reach(known: Known, name: str, layer: Layer) -> Reach:
    """The address and the credential of a provider that this layer names.

    Raises:
        ConfigError: It is unknown, or its address is not known or none.
        NotSignedIn: It wants a key, and there is none.
    """
    provider = providers.find(name)
    credential = known.credentials.get(provider.id)
    base_url = _base_url(known, provider, name, credential)
    _check_address(base_url, provider)
    ways = (_by_setting(known, provider), _by_store(credential), _by_variable(known, provider))
    found = next((ways[place] for place in _ORDER.get(layer, (0, 1, 2)) if ways[place] is not None), None)
    return Reach(provider=provider, base_url=base_url, **(found or {}))


def _by_setting(known: Known, provider: Provider) -> _Carried | None:
    key = known.settings.api_key
    if key is None or not _is_for(known.settings, "api_key", provider):
        return None
    return {"key": key, "key_from": f"key from {known.settings.sources.get('api_key', 'the settings')}"}


def _by_store(credential: Credential | None) -> _Carried | None:
    if credential is None or not credential.has_secret:
        return None
    by_oauth = credential.metadata.get("method") in ("browser", "device")
    said = "signed in" if by_oauth else "key from the sign-in"
    return {"signed_in": True, "by_oauth": by_oauth, "key_from": said}


def _by_variable(known: Known, provider: Provider) -> _Carried | None:
    name = known.variable(provider.key_env)
    return {"key": SecretStr(known.environment[name]), "key_from": f"key from {name}"} if name else None


def check_key(found: Reach) -> None:
    """Raises NotSignedIn where the provider wants a key and there is none."""
    provider = found.provider
    if found.key is None and not found.signed_in and provider.needs_key and not on_this_machine(found.base_url):
        variable = f", or set {provider.key_env[0]}" if provider.key_env else ""
        raise NotSignedIn(
            f"{provider.title} wants a key, and there is none.", hint=f"`pymolcode-auth login {provider.id}`{variable}."
        )


def _is_for(settings: Settings, setting: str, provider: Provider) -> bool:
    """Whether `api_key` or `base_url` is meant for this provider: that which the same place names, and no other.

    An address without a model is that of an OpenAI-compatible server, and so is the key beside it. A key that stands
    alone is for whatever the settings name.
    """
    source = settings.sources.get(setting, "")
    named = settings.named.get("PYMOLCODE_MODEL" if settings.of_environment(setting) else source, "")
    if named:
        return id_of_model(named) == provider.id
    beside = settings.of_environment("base_url") == settings.of_environment(setting) and settings.base_url
    if source and (setting == "base_url" or beside):
        return provider.id == CUSTOM
    return (id_of_model(settings.model) or CUSTOM) == provider.id


def _base_url(known: Known, provider: Provider, name: str, credential: Credential | None) -> str:
    set_here = known.settings.base_url if _is_for(known.settings, "base_url", provider) else ""
    variable = known.variable(provider.base_url_env)
    candidates = (
        set_here,
        known.base_urls.get(provider.id, ""),
        str(credential.metadata.get("base_url", "")) if credential else "",
        known.environment.get(variable, ""),
    )
    given = next(filter(None, candidates), "")
    if given:
        return _with_path(provider, given)
    if provider.base_url or name == OPENAI_CHAT:
        return provider.base_url or OPENAI_URL
    variables = " or ".join(provider.base_url_env)
    raise ConfigError(
        f"The address of {provider.title} is not known.",
        hint=f"Set {variables}, or `base_urls: {{{provider.id}: https://…}}` in config.yaml.",
    )


def _with_path(provider: Provider, address: str) -> str:
    if not provider.base_url_path:
        return address
    try:
        path = httpx2.URL(address).path
    except httpx2.InvalidURL:
        return address
    return address.rstrip("/") + provider.base_url_path if path in ("", "/") else address


def _check_address(base_url: str, provider: Provider) -> None:
    if not host_of(base_url):
        raise ConfigError(
            f"The base URL that is set for {provider.title} is no web address.",
            hint="It begins with http:// or https://.",
        )
