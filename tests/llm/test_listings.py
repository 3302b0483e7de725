"""Each list in the shape that its provider documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.auth.providers import find
from pymolcode_plugin.core.model_info import Capabilities, Price
from pymolcode_plugin.llm import listings

pytestmark = pytest.mark.conformance


def read(provider, data, base_url=""):
    entry = find(provider)
    return listings.read(entry, base_url or entry.base_url, data)


def test_openai_gives_ids_and_the_rest_comes_from_what_is_known():
    found = read(
        "openai",
        {
            "object": "list",
            "data": [
                {"id": "gpt-6-luna", "object": "model", "created": 1790000000, "owned_by": "system"},
                *({"id": name, "object": "model", "created": 1} for name in NO_CHAT["openai"]),
            ],
        },
    )
    (model,) = found
    assert (model.name, model.n_created, model.context_window) == ("openai:gpt-6-luna", 1790000000, 1_050_000)
    assert model.price.input_usd > 0
    assert model.capabilities == Capabilities(tools=True, images=True, json_schema=True)


NO_CHAT = {
    "openai": [
        "text-embedding-3-large", "whisper-1", "tts-1-hd", "gpt-6-mini-tts", "gpt-4o-transcribe",
        "omni-moderation-latest",
        "dall-e-3", "gpt-image-2", "chatgpt-image-latest", "gpt-realtime-2", "gpt-audio", "sora-2-pro", "davinci-002",
        "babbage-002", "gpt-3.5-turbo-instruct",
    ],
    "groq": ["whisper-large-v3", "playai-tts", "canopylabs/orpheus-v1-english", "meta-llama/llama-prompt-guard-2-22m"],
    "lmstudio": ["text-embedding-nomic-embed-text-v1.5", "bge-m3", "baai/bge-reranker-v2"],
    "zhipu": ["embedding-3", "cogview-image-4"],
}  # fmt: skip
CHAT = {
    "openai": ["gpt-6.1-sol", "gpt-4o", "o5-mini", "gpt-6-codex", "chatgpt-4o-latest"],
    "groq": ["openai/gpt-oss-120b", "qwen/qwen3.8-27b", "meta-llama/llama-4-maverick-17b-128e-instruct"],
    "lmstudio": ["qwen3-vl-8b", "google/gemma-4-12b", "llava-1.6", "phi-5", "imagenary-llm"],
    "zhipu": ["glm-5.3", "glm-4.6v"],
    "deepseek": ["deepseek-v4-pro", "deepseek-flash"],
}


@pytest.mark.parametrize(("provider", "name"), [(key, name) for key, names in NO_CHAT.items() for name in names])
def test_what_is_no_model_for_a_chat_is_left_out(provider, name):
    assert read(provider, {"data": [{"id": name}]}) == []


@pytest.mark.parametrize(("provider", "name"), [(key, name) for key, names in CHAT.items() for name in names])
def test_what_is_a_model_for_a_chat_is_kept(provider, name):
    assert [model.id for model in read(provider, {"data": [{"id": name}]})] == [name]


def test_anthropic_says_what_its_models_can_do():
    data = {
        "data": [
            {
                "type": "model", "id": "claude-sonnet-5-5", "display_name": "Claude Sonnet 5.5", "lifecycle": "active",
                "created_at": "2026-09-01T00:00:00Z", "max_input_tokens": 1_000_000, "max_tokens": 64_000,
                "capabilities": {
                    "image_input": {"supported": True}, "thinking": {"supported": False},
                    "structured_outputs": {"supported": True}, "batch": {"supported": True},
                },
            },
            {"type": "model", "id": "claude-old", "display_name": "Old", "lifecycle": "retired", "created_at": "x"},
        ],
        "has_more": False, "first_id": "a", "last_id": "b",
    }  # fmt: skip
    (model,) = read("anthropic", data)
    assert (model.title, model.context_window, model.n_created) == ("Claude Sonnet 5.5", 1_000_000, 1788220800)
    assert model.capabilities == Capabilities(tools=True, images=True, thinking=False, json_schema=True)
    assert model.price.cached_usd is not None


def test_gemini_names_models_by_a_path_and_says_what_they_do():
    data = {
        "models": [
            {
                "name": "models/gemini-3.8-flash", "displayName": "Gemini 3.8 Flash", "inputTokenLimit": 1_048_576,
                "outputTokenLimit": 65_536, "thinking": True,
                "supportedGenerationMethods": ["generateContent", "countTokens"],
            },
            {"name": "models/gemini-embedding-001", "supportedGenerationMethods": ["embedContent"]},
            {"name": "models/imagen-4", "supportedGenerationMethods": ["predict"]},
            {"name": "models/gemini-3.8-flash-image", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/aqa", "supportedGenerationMethods": ["generateAnswer"]},
        ]
    }  # fmt: skip
    (model,) = read("google", data)
    assert (model.id, model.title, model.context_window) == ("gemini-3.8-flash", "Gemini 3.8 Flash", 1_048_576)
    assert model.capabilities.thinking is True
    assert model.price is not None


def test_openrouter_says_price_size_and_abilities_itself():
    data = {
        "data": [
            {
                "id": "anthropic/claude-of-tomorrow", "name": "Anthropic: Claude of Tomorrow", "created": 1790000000,
                "context_length": 400_000,
                "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
                "pricing": {"prompt": "0.000003", "completion": "0.000015", "input_cache_read": "0.0000003"},
                "supported_parameters": ["tools", "tool_choice", "reasoning", "structured_outputs", "max_tokens"],
            },
            {
                "id": "some/words-only", "name": "Words", "created": 1, "context_length": 8192,
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                "pricing": {"prompt": "0", "completion": "0"}, "supported_parameters": ["temperature"],
            },
            {
                "id": "some/painter",
                "architecture": {"input_modalities": ["text"], "output_modalities": ["image", "text"]},
            },
            {
                "id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"},
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            },
        ]
    }  # fmt: skip
    first, words, auto = read("openrouter", data)
    assert first.price == Price(input_usd=3.0, output_usd=15.0, cached_usd=0.3)
    assert first.capabilities == Capabilities(tools=True, images=True, thinking=True, json_schema=True)
    assert (first.title, first.context_window) == ("Anthropic: Claude of Tomorrow", 400_000)
    assert words.capabilities == Capabilities(tools=False, images=False, thinking=False, json_schema=False)
    assert words.price == Price(input_usd=0, output_usd=0)
    assert auto.price is None, "a negative price means that it differs"


def test_hugging_face_says_it_for_each_that_runs_the_model():
    data = {
        "data": [
            {
                "id": "openai/gpt-oss-120b", "created": 1754400000, "owned_by": "openai",
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                "providers": [
                    {"provider": "a", "status": "live", "context_length": 131072, "supports_tools": True,
                     "supports_structured_output": False, "pricing": {"input": 0.1, "output": 0.5}},
                    {"provider": "b", "status": "live", "context_length": 65536,
                     "pricing": {"input": 0.2, "output": 0.4}},
                    {"provider": "c", "status": "staging", "context_length": 1, "pricing": {"input": 9, "output": 9}},
                ],
            }
        ]
    }  # fmt: skip
    (model,) = read("huggingface", data)
    assert (model.price, model.context_window) == (Price(input_usd=0.2, output_usd=0.5), 65536)
    assert model.capabilities == Capabilities(tools=True, images=False, json_schema=False)


def test_mistral_says_what_each_is_for():
    def entry(name, **capabilities):
        return {"id": name, "name": name, "max_context_length": 131072, "created": 5, "capabilities": capabilities}

    data = {
        "data": [
            entry("mistral-large-latest", completion_chat=True, function_calling=True, vision=True),
            entry("mistral-embed", completion_chat=False, function_calling=False, vision=False),
            entry("codestral-latest", completion_chat=True, function_calling=False, vision=False),
        ]
    }
    large, code = read("mistral", data)
    assert (large.title, large.context_window) == ("", 131072)
    assert large.capabilities == Capabilities(tools=True, images=True, json_schema=True)
    assert (code.capabilities.tools, code.capabilities.images) == (False, False)


def test_copilot_says_kind_limits_and_what_is_supported():
    def entry(name, kind, **supports):
        return {
            "id": name, "name": name.upper(), "vendor": "x", "model_picker_enabled": True,
            "capabilities": {"type": kind, "limits": {"max_context_window_tokens": 200_000}, "supports": supports},
        }  # fmt: skip

    data = {
        "data": [
            entry("gpt-x", "chat", tool_calls=True, vision=True, structured_outputs=True),
            entry("text-embedding-3-small", "embeddings"),
            entry("plain", "chat", tool_calls=False),
        ]
    }
    first, plain = read("github-copilot", data)
    assert (first.title, first.context_window) == ("GPT-X", 200_000)
    assert first.capabilities == Capabilities(tools=True, images=True, json_schema=True)
    assert plain.capabilities.tools is False


def test_xai_lists_models_that_speak_under_another_name():
    data = {
        "models": [
            {"id": "grok-4.7", "created": 9, "input_modalities": ["text", "image"], "output_modalities": ["text"]},
            {"id": "grok-words", "created": 8, "input_modalities": ["text"], "output_modalities": ["text"]},
        ]
    }
    grok, words = read("xai", data)
    assert (grok.capabilities.images, words.capabilities.images) == (True, False)
    assert grok.price is not None


def test_groq_and_servers_of_ones_own_say_how_much_a_request_holds():
    groq = {"data": [{"id": "a", "active": True, "context_window": 8192}, {"id": "b", "active": False}]}
    assert [(model.id, model.context_window) for model in read("groq", groq)] == [("a", 8192)]
    here = "http://127.0.0.1:1/v1"
    llamacpp = {"models": [{"name": "q"}], "data": [{"id": "q", "meta": {"n_ctx_train": 32768, "n_params": 8}}]}
    (model,) = read("llamacpp", llamacpp, here)
    assert (model.context_window, model.price) == (32768, Price(input_usd=0, output_usd=0, cached_usd=0))
    assert read("custom", {"data": [{"id": "v", "max_model_len": 4096}]}, here)[0].context_window == 4096


@pytest.mark.parametrize("data", [None, [], {}, {"data": None}, {"data": {"id": "x"}}, "x"])
def test_what_is_no_list_of_models_is_refused(data):
    with pytest.raises(ValueError, match="no models"):
        read("openai", data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "id", "name", "created", "created_at", "capabilities", "supports", "limits", "pricing", "prompt", "completion",
        "providers", "context_length", "supported_parameters", "architecture", "output_modalities", "meta", "status",
        "thinking", "supported", "type", "supportedGenerationMethods", "input_modalities", "input", "output",
    ]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=3), st.sampled_from(["openai", "google", "openrouter", "huggingface", "custom"]))
def test_no_field_of_a_list_is_trusted(items, provider):
    for model in read(provider, {"data": items}, "http://h.example/v1"):
        assert model.id
        assert model.price is None or model.price.input_usd >= 0
        assert model.context_window is None or model.context_window > 0
