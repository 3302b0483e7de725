"""Makes a pydantic-ai model of a choice; importing this module is heavy (seconds), so do it in a worker thread."""

from __future__ import annotations

import httpx2
from openai import AsyncOpenAI
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from .choice import Choice

_NO_KEY = "none"  # servers on this machine want none, but the SDK refuses to start without
_CONNECT_LIMIT_S = 10.0
_SILENCE_LIMIT_S = 300.0  # a local server may read a long prompt for minutes before its first word


def build(choice: Choice) -> OpenAIChatModel:
    """A model for chat completions at the choice's base URL; whoever is done with it closes its `client`."""
    key = choice.api_key.get_secret_value() if choice.api_key else _NO_KEY
    on_this_machine = httpx2.URL(choice.base_url).host in ("127.0.0.1", "localhost", "::1")
    limits = httpx2.Timeout(_SILENCE_LIMIT_S, connect=_CONNECT_LIMIT_S)
    http_client = httpx2.AsyncClient(timeout=limits, trust_env=not on_this_machine)
    client = AsyncOpenAI(base_url=choice.base_url, api_key=key, http_client=http_client, max_retries=2)
    return OpenAIChatModel(choice.name, provider=OpenAIProvider(openai_client=client))
