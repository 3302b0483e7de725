"""What a request says so that the provider caches its beginning: instructions and tools first, then the chat.

OpenAI, Gemini, DeepSeek and most others cache a beginning that repeats by themselves; Anthropic, and OpenRouter in
front of it, want the places marked.
"""

from __future__ import annotations

from typing import Any

from .choice import Choice

_MARKED_BY_OPENROUTER = ("anthropic/", "google/", "~anthropic/")


def request_settings(choice: Choice, chat_id: str) -> dict[str, Any]:
    """Settings for pydantic-ai, the same for every request of a chat.

    Args:
        choice: The model.
        chat_id: Says which requests begin alike; never the user's words.
    """
    if choice.api == "anthropic":
        return {
            "anthropic_cache_instructions": True,
            "anthropic_cache_tool_definitions": True,
            "anthropic_cache_messages": True,
        }
    if choice.provider == "openrouter" and choice.name.startswith(_MARKED_BY_OPENROUTER):
        return {
            "openrouter_cache_instructions": "5m",
            "openrouter_cache_tool_definitions": "5m",
            "openrouter_cache_messages": "5m",
        }
    if choice.provider == "openai":
        plan = {"openai_store": False} if choice.by_oauth else {}
        return {"openai_prompt_cache_key": chat_id} | plan
    return {}
