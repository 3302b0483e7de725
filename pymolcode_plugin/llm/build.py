"""Makes a pydantic-ai model of a choice; importing this module is heavy (seconds), so do it in a worker thread.

Each vendor's library is imported only where it is used. All of them get our HTTP client, which shows every request to
`core.outgoing.Wire`, puts the key in, and asks again where the provider fails for the moment (`patience`); they
themselves never ask twice.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from ..address import host_of, on_this_machine
from ..auth import providers
from ..auth.bearer import PLACEHOLDER, auth_for
from ..auth.providers import Provider
from ..auth.sign_in import SignIn
from ..clients import new_client
from ..core.outgoing import Wire
from .caching import request_settings
from .choice import Choice
from .patience import PatientClient, Tell

_CONNECT_LIMIT_S = 10.0
_SILENCE_LIMIT_S = 300.0  # a local server may read a long prompt for minutes before its first word
_COPILOT_HOST = "githubcopilot.com"
_COMPATIBLE_PATH = "/v1beta/openai"  # of Gemini, for chat completions


@dataclass(frozen=True)
class Built:
    """A model, and what goes with it.

    Attributes:
        aclose: Ends its connections; whoever is done with it calls this.
        sees: Whether pictures may be sent to it; None where that is not known.
    """

    model: Model
    aclose: Callable[[], Awaitable[None]]
    sees: bool | None = None


def build(
    choice: Choice,
    wire: Wire,
    sign_in: SignIn | None = None,
    *,
    chat_id: str = "",
    tell: Callable[[str], None] | None = None,
) -> Built:
    """A model for the choice, which is not the built-in one.

    Args:
        choice: How it is reached.
        wire: Sees every request.
        sign_in: Hands out tokens where the choice is signed in.
        chat_id: Says to a provider which requests begin alike.
        tell: Told in words that the model is waited for, and why, where that takes more than a moment.

    Raises:
        ConfigError: Certificates that are set cannot be read, or the model's name makes no sense.
    """
    provider = providers.find(choice.provider)
    native = choice.api != "google" or importlib.util.find_spec("google.genai") is not None
    if not native:
        provider = provider.model_copy(update={"key_header": "authorization"})
    auth = auth_for(provider, choice.base_url, key=choice.key, sign_in=sign_in if choice.signed_in else None)
    client = watched_client(
        choice.base_url, wire, auth=auth, headers=dict(provider.headers), tell=_waiting(choice.title, tell)
    )
    make = {"responses": _responses, "anthropic": _anthropic, "google": _google if native else _compatible}
    model = make.get(choice.api, _chat)(choice, provider, client, request_settings(choice, chat_id))
    _remember_tools(model)
    return Built(model, client.aclose, provider.capabilities.images)


def _remember_tools(model: Model) -> None:
    """Every request has the same tools; to write their schemas in the vendor's dialect takes milliseconds each time."""
    customize = model.customize_request_parameters
    known: dict[tuple[int, ...], tuple[list[ToolDefinition], list[ToolDefinition]]] = {}

    def remembering(parameters: ModelRequestParameters) -> ModelRequestParameters:
        key = tuple(id(tool.parameters_json_schema) for tool in parameters.function_tools)
        if key not in known:
            done = customize(parameters)
            known[key] = (parameters.function_tools, done.function_tools)  # the first keeps the ids from being reused
            return done
        return replace(customize(replace(parameters, function_tools=[])), function_tools=known[key][1])

    model.customize_request_parameters = remembering  # type: ignore[method-assign, assignment]  # of this model only


def _waiting(title: str, tell: Callable[[str], None] | None) -> Tell | None:
    if tell is None:
        return None
    return lambda why, wait_s: tell(f"{title} {why}. Asking again in {wait_s:.0f} s.")


def watched_client(
    base_url: str,
    wire: Wire,
    *,
    auth: httpx2.Auth | None = None,
    headers: dict[str, str] | None = None,
    tell: Tell | None = None,
) -> httpx2.AsyncClient:
    """The HTTP client for a vendor's SDK, whose every request `wire` sees and may refuse.

    A redirect is never followed, because it may lead away from this machine; nor does what is meant for this machine
    go through a proxy.
    """

    async def before_request(request: httpx2.Request) -> None:
        wire.check_address(str(request.url))
        body = await request.aread()
        if host_of(str(request.url)).endswith(_COPILOT_HOST) and b'"image_url"' in body:
            request.headers["Copilot-Vision-Request"] = "true"  # without which it refuses a picture
        wire.sent(request.method, str(request.url), request.headers, body)

    return new_client(
        PatientClient,
        tell=tell,
        timeout=httpx2.Timeout(_SILENCE_LIMIT_S, connect=_CONNECT_LIMIT_S),
        trust_env=not on_this_machine(base_url),
        follow_redirects=False,
        auth=auth,
        headers=headers,
        event_hooks={"request": [before_request]},
    )


def _openai(base_url: str, client: httpx2.AsyncClient) -> Any:  # noqa: ANN401  # of a library that is imported here
    from openai import AsyncOpenAI  # noqa: PLC0415  # heavy

    return AsyncOpenAI(base_url=base_url, api_key=PLACEHOLDER, http_client=client, max_retries=0)


def _chat(choice: Choice, _provider: Provider, client: httpx2.AsyncClient, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    from .chat_models import chat_model  # noqa: PLC0415  # heavy

    return chat_model(choice, _openai(choice.base_url, client), settings)


def _responses(choice: Choice, _provider: Provider, client: httpx2.AsyncClient, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    from pydantic_ai.models.openai import OpenAIResponsesModel  # noqa: PLC0415  # heavy
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415

    sdk = OpenAIProvider(openai_client=_openai(choice.base_url, client))
    return OpenAIResponsesModel(choice.name, provider=sdk, profile=_plan_profile(choice), settings=settings)


def _plan_profile(choice: Choice) -> Any:  # noqa: ANN401  # a profile, or None for the usual one
    """What a ChatGPT plan's requests may hold, where this version of pydantic-ai knows it."""
    if not by_plan(choice):
        return None
    try:
        from pydantic_ai.profiles.openai_chatgpt import openai_chatgpt_model_profile  # noqa: PLC0415  # since 2.58
    except ImportError:
        return None
    return openai_chatgpt_model_profile(choice.name)


def by_plan(choice: Choice) -> bool:
    """Whether requests are paid by a ChatGPT plan rather than by a key."""
    return choice.provider == "openai" and choice.by_oauth


def _anthropic(choice: Choice, _provider: Provider, client: httpx2.AsyncClient, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    from anthropic import AsyncAnthropic  # noqa: PLC0415  # heavy
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    sdk = AsyncAnthropic(base_url=choice.base_url, api_key=PLACEHOLDER, http_client=client, max_retries=0)
    return AnthropicModel(choice.name, provider=AnthropicProvider(anthropic_client=sdk), settings=settings)


def _google(choice: Choice, _provider: Provider, client: httpx2.AsyncClient, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    from google.genai.types import HttpRetryOptions  # noqa: PLC0415  # heavy, and an extra
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    retry = HttpRetryOptions(attempts=1)  # without it that library asks a second time by itself
    sdk = GoogleProvider(api_key=PLACEHOLDER, http_client=client, base_url=choice.base_url, retry_options=retry)
    return GoogleModel(choice.name, provider=sdk, settings=settings)


def _compatible(choice: Choice, provider: Provider, client: httpx2.AsyncClient, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    address = f"{choice.base_url.rstrip('/')}{_COMPATIBLE_PATH}"
    return _chat(choice.model_copy(update={"base_url": address}), provider, client, settings)
