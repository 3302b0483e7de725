"""How a provider is reached: its address and what requests carry, from the settings, the store or the environment."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx2
from pydantic import SecretStr

from ..auth import providers
from ..auth.credentials import Credential
from ..auth.providers import Api, Provider
from ..auth.sign_in import SignIn
from ..auth.store import TokenStore
from ..config.settings import PLACEHOLDER, Settings
from ..core.errors import AuthError, ConfigError, NotSignedIn
from ..core.scene import Frozen
from .address import on_this_machine
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


class Reach(Frozen):
    """A provider's address and credential.

    Attributes:
        key: None where `signed_in`, or where none is needed.
        key_from: For people; empty where there is none.
    """

    provider: Provider
    api: Api
    base_url: str
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
    base_urls: Mapping[str, str] = field(default_factory=dict)

    def variable(self, names: tuple[str, ...]) -> str:
        """The first of these variables that is set; empty where none is."""
        return next((name for name in names if self.environment.get(name)), "")


def variables(settings: Settings, environment: Mapping[str, str] | None) -> dict[str, str]:
    """The variables that count: those of the settings unless others are given, without placeholders."""
    given = environment
    if given is None:
        given = {name: value.get_secret_value() for name, value in settings.environment.items()}
    return {name: value for name, value in given.items() if value and value != PLACEHOLDER}


def named_addresses(settings: Settings) -> dict[str, str]:
    """`base_urls` by the id of the provider.

    Raises:
        ConfigError: It names no provider, or what is no web address.
    """
    found = {providers.find(name).id: url for name, url in settings.base_urls.items()}
    for url in found.values():
        _check_address(url)
    return found


def stored(store: TokenStore | None) -> tuple[dict[str, Credential], Credential | None, str]:
    """Every credential, the one in use, and what is wrong with the store: no error, because none may be needed."""
    try:
        store = store or TokenStore()
        found, chosen = store.all(), store.chosen()
        aside = store.set_aside
    except NotImplementedError:
        return {}, None, ""
    except AuthError as error:
        return {}, None, error.message
    return found, chosen, f"what could not be read was put aside as {aside}" if aside else ""


def reach(known: Known, name: str, layer: Layer) -> Reach:
    """The address and the credential of a provider that this layer names.

    Raises:
        ConfigError: It is unknown, or its address is not known or none.
        NotSignedIn: It wants a key, and there is none.
    """
    provider = providers.find(name)
    credential = known.credentials.get(provider.id)
    base_url = _base_url(known, provider, name, layer, credential)
    _check_address(base_url)
    key = known.settings.api_key if _belongs(known.settings, "api_key", provider, layer) else None
    if key is not None:
        source = known.settings.sources.get("api_key", "the settings")
        return Reach(provider=provider, api=provider.api, base_url=base_url, key=key, key_from=f"key from {source}")
    if credential is not None and credential.access_token.get_secret_value():
        by_oauth = credential.metadata.get("method") in ("browser", "device")
        api = provider.oauth_api if by_oauth and provider.oauth_api else provider.api
        said = "signed in" if by_oauth else "key from the sign-in"
        return Reach(provider=provider, api=api, base_url=base_url, signed_in=True, by_oauth=by_oauth, key_from=said)
    variable = known.variable(provider.key_env)
    if variable:
        key = SecretStr(known.environment[variable])
        return Reach(provider=provider, api=provider.api, base_url=base_url, key=key, key_from=f"key from {variable}")
    return Reach(provider=provider, api=provider.api, base_url=base_url)


def check_key(found: Reach) -> None:
    """Raises NotSignedIn where the provider wants a key and there is none."""
    provider = found.provider
    if found.key is None and not found.signed_in and provider.needs_key and not on_this_machine(found.base_url):
        variable = f", or set {provider.key_env[0]}" if provider.key_env else ""
        raise NotSignedIn(
            f"{provider.title} wants a key, and there is none.", hint=f"`pymolcode-auth login {provider.id}`{variable}."
        )


def _belongs(settings: Settings, setting: str, provider: Provider, layer: Layer) -> bool:
    """Whether this setting is meant for the provider that the layer names: a key never goes to another one."""
    if provider.id == CUSTOM:
        return True
    if settings.of_environment(setting):
        only_a_key = setting == "api_key" and not settings.of_environment("base_url")
        return layer is Layer.ENVIRONMENT or (layer is Layer.CONFIGURATION and only_a_key)
    return layer is Layer.CONFIGURATION


def _base_url(known: Known, provider: Provider, name: str, layer: Layer, credential: Credential | None) -> str:
    set_here = known.settings.base_url if _belongs(known.settings, "base_url", provider, layer) else ""
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


def _check_address(base_url: str) -> None:
    if not base_url.startswith(("http://", "https://")):
        raise ConfigError(f"The base URL `{base_url}` is no web address.", hint="It begins with http:// or https://.")
