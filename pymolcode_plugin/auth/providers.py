"""The providers of models, as data: `resources/providers.yaml`. Adding one is adding an entry there."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal

import yaml
from pydantic import TypeAdapter

from ..config import paths
from ..core.errors import ConfigError
from ..core.model_info import Capabilities
from ..core.scene import Frozen

# How requests are written: chat completions, OpenAI's Responses, Anthropic's Messages, Gemini's own; or not at all.
Api = Literal["builtin", "chat", "responses", "anthropic", "google"]
# Ways to sign in.
Method = Literal["key", "browser", "device"]


class OAuth(Frozen):
    """How one signs in without a key.

    Attributes:
        kind: `standard` is RFC 7636 and RFC 8628; `openrouter` exchanges the code for a key; `chatgpt` registers a
            client of its own at the first sign-in.
        methods: What is offered, the usual one first.
        issuer: Where the addresses are discovered (`/.well-known/openid-configuration`); instead of the addresses.
        client_id: Ours, where the provider let us register one; else the user brings theirs.
        client_id_env: Where the environment may name it.
        client_secret_env: Where the environment may name the secret, which desktop clients of some providers have.
        fixed_port: Where the provider allows one port only.
        authorize_extra: Further parameters of the authorization request.
        bring_client: How the user gets a client id, in words; empty where none is needed.
        preview: The provider says that it may change.
    """

    kind: Literal["standard", "openrouter", "chatgpt"] = "standard"
    methods: tuple[Literal["browser", "device"], ...] = ("browser",)
    issuer: str = ""
    authorize_url: str = ""
    token_url: str = ""
    device_url: str = ""
    revoke_url: str = ""
    scopes: tuple[str, ...] = ()
    client_id: str = ""
    client_id_env: tuple[str, ...] = ()
    client_secret_env: tuple[str, ...] = ()
    redirect_path: str = "/callback"
    fixed_port: int = 0
    authorize_extra: Mapping[str, str] = {}
    bring_client: str = ""
    preview: bool = False
    button: str = ""


class Provider(Frozen):
    """Where models are had, and how.

    Attributes:
        api: How requests are written.
        base_url: Empty where the user has to name it (azure, custom).
        base_url_path: Where requests go at an address that the user named without a path.
        base_url_env: Environment variables that name another, the first that is set.
        key_env: Environment variables that hold a key, the first that is set.
        key_header: The header that carries a key; a bearer token always goes in `Authorization`.
        key_page: Where one gets a key.
        needs_key: False for servers on this machine.
        local: Runs on this machine unless its base URL says otherwise.
        oauth: None where a key is the only way.
        capabilities: Of its models, where the provider's list does not say.
        price_id: The provider's name in genai-prices; empty where it has none.
        headers: Sent with each request.
        models_path: Where its list of models is, for an API that is written as OpenAI's.
        lists_models: False where the list is not that of the models one can use, so that the user names theirs.
        note: What the user should know, a sentence.
    """

    id: str
    title: str
    api: Api
    base_url: str = ""
    base_url_path: str = ""
    base_url_env: tuple[str, ...] = ()
    key_env: tuple[str, ...] = ()
    key_header: Literal["authorization", "x-api-key", "x-goog-api-key", "api-key"] = "authorization"
    key_page: str = ""
    needs_key: bool = True
    local: bool = False
    oauth: OAuth | None = None
    capabilities: Capabilities = Capabilities(tools=True)
    price_id: str = ""
    headers: Mapping[str, str] = {}
    models_path: str = "/models"
    lists_models: bool = True
    aliases: tuple[str, ...] = ()
    note: str = ""

    @property
    def methods(self) -> tuple[Method, ...]:
        """Ways to sign in, the usual one first."""
        by_oauth: tuple[Method, ...] = self.oauth.methods if self.oauth else ()
        return (*by_oauth, "key") if self.id != "builtin" else ()


@functools.cache
def providers() -> tuple[Provider, ...]:
    """All entries, in the order in which menus show them."""
    data = yaml.safe_load(paths.resource("providers.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Provider, ...]).validate_python(data)


def find(provider_id: str) -> Provider:
    """The entry of that id or alias.

    Raises:
        ConfigError: There is no such entry.
    """
    for entry in providers():
        if provider_id in (entry.id, *entry.aliases):
            return entry
    known = ", ".join(entry.id for entry in providers())
    raise ConfigError(f"The provider `{provider_id}` is unknown.", hint=f"Known: {known}.")
