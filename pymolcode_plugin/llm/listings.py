"""Reads the lists of models that providers give, each in its own shape; asks nobody and never trusts a field."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from ..auth.providers import Provider
from ..core.model_info import Capabilities, ModelInfo, Price
from . import prices

T = TypeVar("T")

# What is no model for a chat, told by its name where nothing else tells it.
_NOT_FOR_CHAT = re.compile(
    r"embed|(?:^|[-_/.])(?:bge|gte|e5|minilm|mxbai)-|rerank|whisper|transcri|(?:^|[-_/])tts|[-_]tts|speech|orpheus|"
    r"audio|realtime|moderation|guard|dall-e|(?:^|[-_/])image(?:n?-|$)|-image(?:-|$)|chatgpt-image|(?:^|[-_/])sora|(?:^|[-_/])veo|"
    r"lyria|imagine|(?:^|[-_/])flux|stable-diffusion|babbage|davinci|-instruct-0914$|gpt-3\.5-turbo-instruct|"
    r"(?:^|[-_/])aqa$|[-_]ocr",
    re.IGNORECASE,
)
# Names of one fact in different lists.
_CONTEXT = (
    "context_length", "context_window", "max_context_length", "max_input_tokens", "inputTokenLimit", "max_model_len",
    "max_context_window_tokens", "max_prompt_length", "n_ctx", "n_ctx_train",
)  # fmt: skip
_TITLES = ("display_name", "displayName", "name")


def read(provider: Provider, base_url: str, data: object) -> list[ModelInfo]:
    """The models of one page that can be chatted with, in its order.

    Raises:
        ValueError: It is no list of models.
    """
    items = _items(data)
    if items is None:
        raise ValueError("it lists no models")
    return [_model(provider, base_url, item) for item in items if _for_chat(item)]


def _items(data: object) -> list[Mapping[str, object]] | None:
    """The entries under `data` (OpenAI, Anthropic and those like them) or `models` (Gemini, xAI)."""
    for key in ("data", "models"):
        found = _of(data).get(key)
        if isinstance(found, list):
            return [item for item in found if isinstance(item, dict) and _id(item)]
    return None


def _id(item: Mapping[str, object]) -> str:
    # Mistral and Copilot have a name beside the id, Gemini has the name alone.
    return (_text(item.get("id")) or _text(item.get("name"))).removeprefix("models/")


def _model(provider: Provider, base_url: str, item: Mapping[str, object]) -> ModelInfo:
    name = _id(item)
    title = next((text for key in _TITLES if (text := _text(item.get(key))) and not text.startswith("models/")), "")
    listed = _capabilities(item).model_dump(exclude_none=True)
    return ModelInfo(
        provider=provider.id,
        id=name,
        title=title if title != name else "",
        capabilities=provider.capabilities.model_copy(update=listed),
        price=_price(item) or prices.price_of(provider.id, name, base_url),
        context_window=_context(item) or prices.context_window(provider.id, name, base_url),
        n_created=_created(item),
    )


def _for_chat(item: Mapping[str, object]) -> bool:
    """Whether it answers in words; by what the list says, else by the name."""
    said = _said_for_chat(item)
    return not _NOT_FOR_CHAT.search(_id(item)) if said is None else said


def _said_for_chat(item: Mapping[str, object]) -> bool | None:
    methods = item.get("supportedGenerationMethods")  # Gemini
    if isinstance(methods, list) and "generateContent" not in methods:
        return False
    capabilities = _of(item.get("capabilities"))
    kind = _text(capabilities.get("type"))  # Copilot
    if kind:
        return kind == "chat"
    chat = _flag(capabilities.get("completion_chat"))  # Mistral
    if chat is not None:
        return chat
    if _text(item.get("lifecycle")) == "retired" or item.get("active") is False:  # Anthropic; Groq
        return False
    output = _modalities(item, "output_modalities")
    # One that also speaks or draws is chosen for that, and costs accordingly.
    return output == {"text"} if output else None


def _capabilities(item: Mapping[str, object]) -> Capabilities:
    said = _of(item.get("capabilities"))
    supports = _of(said.get("supports"))  # Copilot
    parameters = item.get("supported_parameters")  # OpenRouter
    able = set(map(str, parameters)) if isinstance(parameters, list) else None
    hosts = _hosts(item)
    images = _modalities(item, "input_modalities")
    return Capabilities(
        tools=_first(
            _flag(supports.get("tool_calls")),
            _flag(said.get("function_calling")),
            "tools" in able if able is not None else None,
            _any(hosts, "supports_tools"),
        ),
        images=_first(
            _flag(supports.get("vision")),
            _flag(said.get("vision")),
            _supported(said.get("image_input")),
            "image" in images if images else None,
        ),
        thinking=_first(
            _supported(said.get("thinking")),
            _flag(item.get("thinking")),
            _flag(said.get("reasoning")),
            bool(able & {"reasoning", "include_reasoning"}) if able is not None else None,
            True if supports.get("reasoning_effort") else None,
        ),
        json_schema=_first(
            _flag(supports.get("structured_outputs")),
            _supported(said.get("structured_outputs")),
            "structured_outputs" in able if able is not None else None,
            _any(hosts, "supports_structured_output"),
        ),
    )


def _price(item: Mapping[str, object]) -> Price | None:
    """What the list itself says (OpenRouter: dollars for one token, as text; Hugging Face: for a million)."""
    pricing = _of(item.get("pricing"))
    one = [_number(pricing.get(name)) for name in ("prompt", "completion", "input_cache_read")]
    if one[0] is not None and one[1] is not None and min(one[0], one[1]) >= 0:
        cached = None if one[2] is None else _for_a_million(one[2])
        return Price(input_usd=_for_a_million(one[0]), output_usd=_for_a_million(one[1]), cached_usd=cached)
    hosts = [_of(host.get("pricing")) for host in _hosts(item)]
    pairs = [(_number(host.get("input")), _number(host.get("output"))) for host in hosts]
    known = [(first, second) for first, second in pairs if first is not None and second is not None]
    # Who runs it is decided at each request, so the price is the dearest.
    return Price(input_usd=max(known)[0], output_usd=max(second for _, second in known)) if known else None


def _for_a_million(one_usd: float) -> float:
    return round(one_usd * 1_000_000, 9)  # the text was exact, so this is too


def _context(item: Mapping[str, object]) -> int | None:
    limits = _of(_of(item.get("capabilities")).get("limits"))  # Copilot
    for place in (item, limits, _of(item.get("meta"))):  # the last is llama.cpp's
        for key in _CONTEXT:
            size = _number(place.get(key))
            if size and size > 0:
                return int(size)
    # Of those who run it at Hugging Face, the smallest holds in any case.
    sizes = [size for host in _hosts(item) if (size := _number(host.get("context_length")))]
    return int(min(sizes)) if sizes else None


def _created(item: Mapping[str, object]) -> int:
    created = _number(item.get("created"))
    if created is not None:
        return int(created)
    try:
        return int(datetime.datetime.fromisoformat(_text(item.get("created_at")).replace("Z", "+00:00")).timestamp())
    except (ValueError, OverflowError, OSError):
        return 0


def _hosts(item: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    """Who runs it for Hugging Face, those that are up."""
    hosts = item.get("providers")
    found = [host for host in hosts if isinstance(host, dict)] if isinstance(hosts, list) else []
    return [host for host in found if _text(host.get("status")) in ("", "live")]


def _modalities(item: Mapping[str, object], name: str) -> set[str]:
    place = item if name in item else _of(item.get("architecture"))
    found = place.get(name)
    return set(map(str, found)) if isinstance(found, list) else set()


def _supported(value: object) -> bool | None:
    """Anthropic's `{"supported": true}`."""
    return _flag(_of(value).get("supported"))


def _any(hosts: Sequence[Mapping[str, object]], name: str) -> bool | None:
    said = [flag for host in hosts if (flag := _flag(host.get(name))) is not None]
    return any(said) if said else None


def _of(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e15 else None  # no NaN, no infinity, nothing that is no count


def _first(*values: T | None) -> T | None:
    return next((value for value in values if value is not None), None)
