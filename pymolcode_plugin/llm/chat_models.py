"""Models for chat completions: pydantic-ai's class for each vendor, and what the vendor takes otherwise than OpenAI.

Importing this is heavy (seconds), so only `build` does, in a worker thread; each vendor's module only where it is used.
"""

from __future__ import annotations

from typing import Any

from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider

from ..address import host_of
from ..core.errors import ConfigError
from .choice import Choice

# `strict` in a tool is OpenAI's; others refuse it (vLLM, some at Cerebras and behind Hugging Face), or make grammars of
# it that their models cannot follow (llama.cpp). Nothing is lost: the door checks every argument anyway.
_STRICT = ("openai", "azure")
_OPENAI_HOST = "api.openai.com"
# Those whose documentation knows `max_tokens` alone; of the other name Mistral says 422, the rest take no notice.
_MAX_TOKENS = ("mistral", "zhipu", "huggingface", "ollama", "lmstudio", "deepseek", "openrouter")


def chat_model(choice: Choice, sdk: AsyncOpenAI, settings: Any) -> Model:  # noqa: ANN401  # a TypedDict of each library
    """The model of a choice.

    Args:
        choice: What is asked.
        sdk: With our HTTP client.
        settings: Sent with every request.

    Raises:
        ConfigError: The model's name makes no sense.
    """
    make = {
        "openrouter": _openrouter,
        "deepseek": _deepseek,
        "zhipu": _zai,
        "github-copilot": _copilot,
        "ollama": _ollama,
        "mistral": _mistral,
    }.get(choice.provider, _plain)
    return make(choice.name, sdk, _profile(choice), settings)


def _profile(choice: Choice) -> OpenAIModelProfile:
    """What is laid over pydantic-ai's own profile of the model."""
    profile = OpenAIModelProfile()
    if choice.provider not in _STRICT and host_of(choice.base_url) != _OPENAI_HOST:
        profile["openai_supports_strict_tool_definition"] = False
    if choice.provider in _MAX_TOKENS:
        profile["openai_chat_supports_max_completion_tokens"] = False
    return profile


def _plain(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=sdk), profile=profile, settings=settings)


def _openrouter(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    from pydantic_ai.models.openrouter import OpenRouterModel  # noqa: PLC0415
    from pydantic_ai.providers.openrouter import OpenRouterProvider  # noqa: PLC0415

    if "/" not in name:
        raise ConfigError(f"OpenRouter has no model `{name}`.", hint="Its models are named VENDOR/MODEL; see its list.")
    return OpenRouterModel(name, provider=OpenRouterProvider(openai_client=sdk), profile=profile, settings=settings)


def _deepseek(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    from pydantic_ai.providers.deepseek import DeepSeekProvider  # noqa: PLC0415

    return OpenAIChatModel(name, provider=DeepSeekProvider(openai_client=sdk), profile=profile, settings=settings)


def _zai(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    """Its reasoning goes back to it whole, which it wants of a chat with tools, and has a switch of its own."""
    from pydantic_ai.models.zai import ZaiModel  # noqa: PLC0415
    from pydantic_ai.providers.zai import ZaiProvider  # noqa: PLC0415

    return ZaiModel(name, provider=ZaiProvider(openai_client=sdk), profile=profile, settings=settings)


def _copilot(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    """Reasoning comes as `reasoning_text`; what a model can is told by its name, which has no vendor before it."""
    from pydantic_ai.models.github_copilot import GitHubCopilotModel  # noqa: PLC0415
    from pydantic_ai.providers.github_copilot import GitHubCopilotProvider  # noqa: PLC0415

    provider = GitHubCopilotProvider(openai_client=sdk)
    return GitHubCopilotModel(name, provider=provider, profile=profile, settings=settings)


def _ollama(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    from pydantic_ai.models.ollama import OllamaModel  # noqa: PLC0415
    from pydantic_ai.providers.ollama import OllamaProvider  # noqa: PLC0415

    return OllamaModel(name, provider=OllamaProvider(openai_client=sdk), profile=profile, settings=settings)


def _mistral(name: str, sdk: AsyncOpenAI, profile: OpenAIModelProfile, settings: Any) -> Model:  # noqa: ANN401
    from .mistral import MistralChatModel  # noqa: PLC0415

    # `reasoning_content`, which another vendor's answer in the same chat may have, is a 422.
    profile["openai_chat_send_back_thinking_parts"] = False
    return MistralChatModel(name, provider=OpenAIProvider(openai_client=sdk), profile=profile, settings=settings)
