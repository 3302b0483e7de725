import importlib.metadata
import socket
import subprocess
import sys
from decimal import Decimal

import genai_prices
import pytest

from pymolcode_plugin.core.events import Usage
from pymolcode_plugin.llm import prices

pytestmark = pytest.mark.conformance

# The last price list for Python 3.10 is older than some models.
NEWER_LIST = pytest.mark.skipif(
    importlib.metadata.version("genai-prices").startswith("0.1."), reason="the price list is older than this model"
)
KNOWN = [
    ("anthropic", "claude-sonnet-5-5"),
    ("openai", "gpt-6-luna"),
    pytest.param("openai", "gpt-6.1-terra", marks=NEWER_LIST),
    ("google", "gemini-3.8-flash"),
    ("google", "models/gemini-3.8-flash"),
    ("deepseek", "deepseek-v4-pro"),
    ("mistral", "mistral-large-latest"),
    ("xai", "grok-4.7"),
    ("zhipu", "glm-5.3"),
    ("groq", "openai/gpt-oss-120b"),
    ("openrouter", "anthropic/claude-sonnet-5.5"),
    ("azure", "gpt-6-luna"),
    ("github-copilot", "gpt-6-luna"),
    ("huggingface", "openai/gpt-oss-120b:groq"),
]


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(("provider", "model"), KNOWN)
def test_the_price_of_a_model_is_known_offline(provider, model):
    price = prices.price_of(provider, model)
    assert price is not None
    assert 0 < price.input_usd < price.output_usd < 200
    assert price.cached_usd is None or 0 < price.cached_usd < price.input_usd


@pytest.mark.parametrize(("provider", "model"), KNOWN)
def test_a_million_tokens_in_short_requests_cost_the_price_of_a_million(provider, model):
    price = prices.price_of(provider, model)
    thousand = prices.cost_usd(provider, model, Usage(n_input_tokens=1000, n_output_tokens=1000))
    assert thousand * 1000 == pytest.approx(price.input_usd + price.output_usd)


def test_sizes_are_known_where_the_list_has_them():
    assert prices.context_window("anthropic", "claude-sonnet-5-5") >= 200_000
    assert prices.context_window("mistral", "mistral-large-latest") is None
    assert prices.context_window("anthropic", "claude-of-tomorrow") is None


def test_tokens_from_the_cache_are_part_of_the_input_and_are_paid_once():
    usage = Usage(n_input_tokens=1000, n_cached_tokens=400, n_written_tokens=100, n_output_tokens=10)
    price = {name: Decimal(value) for name, value in rates("claude-sonnet-5-5").items()}
    expected = (
        500 * price["input"] + 400 * price["cache_read"] + 100 * price["cache_write"] + 10 * price["output"]
    ) / 1_000_000
    assert prices.cost_usd("anthropic", "claude-sonnet-5-5", usage) == pytest.approx(float(expected))


def rates(model):
    """From the list itself, without our code."""
    found = genai_prices.calc_price(genai_prices.Usage(input_tokens=1), model, provider_id="anthropic").model.prices
    return {
        "input": found.input_mtok,
        "cache_read": found.cache_read_mtok,
        "cache_write": found.cache_write_mtok,
        "output": found.output_mtok,
    }


def test_a_provider_that_reports_more_cached_tokens_than_all_breaks_nothing():
    assert prices.cost_usd("anthropic", "claude-sonnet-5-5", Usage(n_input_tokens=1, n_cached_tokens=50)) > 0


def test_a_long_request_costs_what_long_ones_cost():
    price = prices.price_of("openai", "gpt-6-luna")
    long = prices.cost_usd("openai", "gpt-6-luna", Usage(n_input_tokens=1_000_000))
    assert long > price.input_usd


@pytest.mark.parametrize(
    ("provider", "model", "base_url"),
    [
        ("builtin", "qwen", ""),
        ("ollama", "qwen3", ""),
        ("lmstudio", "x", "http://127.0.0.1:1234/v1"),
        ("custom", "gpt-6.1-terra", "http://127.0.0.1:9/v1"),
        ("anthropic", "claude-sonnet-5-5", "http://[::1]:9"),
    ],
)
def test_what_runs_on_this_machine_is_free(provider, model, base_url):
    assert prices.price_of(provider, model, base_url).input_usd == 0
    assert prices.cost_usd(provider, model, Usage(n_input_tokens=10), base_url) == 0.0


@pytest.mark.parametrize(
    ("provider", "model", "base_url"),
    [
        ("ollama", "big:120b-cloud", ""),
        ("ollama", "qwen3", "http://gpu.example/v1"),
        ("custom", "x", "http://gpu.example/v1"),
        ("custom", "x", ""),
        ("anthropic", "claude-of-tomorrow", ""),
        ("huggingface", "openai/gpt-oss-120b", ""),
        ("martian", "x", ""),
    ],
)
def test_what_is_not_known_has_no_price_rather_than_a_wrong_one(provider, model, base_url):
    assert prices.price_of(provider, model, base_url) is None
    assert prices.cost_usd(provider, model, Usage(n_input_tokens=10), base_url) is None


def test_a_vendor_reached_as_an_openai_compatible_server_has_its_prices():
    assert prices.price_of("custom", "deepseek-v4-pro", "https://api.deepseek.com/v1") is not None


def test_the_list_is_not_read_before_somebody_asks():
    code = "import sys, pymolcode_plugin.llm.prices; sys.exit('genai_prices' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
