"""Signing in and choosing a model in a real window, against a real OAuth server and a scripted model."""

import json
import os
import stat
import sys

import pytest

from ..llm.listing_server import ListingServer
from ..node_servers import oauth_server
from ..pymol_process import ROOT, run_inside
from ..scripted_model import ScriptedModel, Silence

pytestmark = pytest.mark.window

A_PROVIDERS_ANSWER_MS = 1000  # one of them never answers; a window that waited for it would stand still much longer

# What the desktop calls to open a page, as a browser that follows links.
BROWSER = """#!{python}
import sys, httpx2
with httpx2.Client(follow_redirects=True, timeout=20) as browser:
    browser.get(sys.argv[1])
"""


@pytest.fixture
def play(tmp_path):
    def run(scenario, *, config="", env=None, browser=BROWSER, store=None, **arguments):
        home = tmp_path / "home"
        folder, bin_folder = home / ".pymolcode", tmp_path / "bin"
        for made in (folder, bin_folder):
            made.mkdir(parents=True, exist_ok=True)
        (folder / "config.yaml").write_text(config)
        if store:
            (folder / "auth.json").write_text(json.dumps(store))
        opener = bin_folder / "xdg-open"
        opener.write_text(browser.format(python=sys.executable))
        opener.chmod(opener.stat().st_mode | stat.S_IXUSR)
        given = {
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "PYMOLCODE_HOME": str(folder),
            "OLLAMA_BASE_URL": "http://127.0.0.1:9/v1",
            **(env or {}),
        }
        return run_inside("models", home, more_path=ROOT, env=given, scenario=scenario, shots=tmp_path, **arguments)

    return run


def at(issuer):
    return f"auth:\n  custom:\n    client_id: public\n    issuer: {issuer}\n    scopes: openid offline_access email\n"


def test_at_a_first_start_one_signs_in_in_the_browser_and_the_chat_answers(play):
    with oauth_server() as server, ScriptedModel("Hello, signed in.") as model:
        seen = play("browser", config=at(server.issuer), address=model.base_url)
    assert seen["first"] | {"model": ""} == {"model": "", "phase": "absent", "download": True, "sign_in": True}
    assert seen["offered"] == 1, "the failed turn offers it too"
    assert seen["state"] == "Signed in as ada@example.org"
    assert "It lists 1 model" in seen["result"]
    assert seen["closed"]
    assert seen["then"] == {"model": "scripted", "phase": "ready", "download": False, "sign_in": False}
    assert "Hello, signed in." in seen["shown"]
    assert model.headers[-1]["authorization"].startswith("Bearer ")


def test_a_code_typed_at_another_device_signs_in_and_signing_out_revokes(play):
    with oauth_server() as server, ScriptedModel("x") as model:
        seen = play("device", config=at(server.issuer), address=model.base_url)
    assert seen["copied"] == seen["code"]
    assert seen["left"] in ("Valid for 1:00", "Valid for 0:59", "Valid for 0:58")
    assert seen["state"] == "Signed in as ada@example.org"
    assert seen["left_over"] == "", "the code is gone from the window"
    assert "It was revoked there too." in seen["out"]
    assert seen["stored"] == []


def test_escape_or_closing_ends_a_sign_in_and_leaves_nothing_behind(play):
    nobody = "#!{python}\n"
    with oauth_server() as server, ScriptedModel("x") as model:
        seen = play("cancelled", config=at(server.issuer), address=model.base_url, browser=nobody)
    assert seen["words"].startswith("Waiting for the browser")
    assert seen["still_open"]
    assert seen["closed"]
    assert seen["cancelled"]
    assert seen["stored"] == []


def test_a_key_is_saved_and_is_nowhere_in_the_window_afterwards(play):
    with ListingServer({"/v1/models": {"data": [{"id": "fast"}, {"id": "slow"}]}}) as listing:
        seen = play("key", config=f"base_urls:\n  groq: {listing.url}/v1\n", dark="yes")
    assert "needs a client id of your own" in seen["own_client"][0]
    assert "pymolcode-auth" not in seen["own_client"][0]
    assert "That is no key for Groq" in seen["refused"]
    assert "It lists 2 models" in seen["result"]
    assert seen["in_window"] == 0
    assert not seen["leaked"]
    assert seen["stored"]
    assert listing.asked[-1][2]["authorization"] == "Bearer gsk-canary-typed-into-the-panel-0123456789"


MAKERS = ("anthropic/claude", "google/gemini", "openai/gpt", "mistralai/mistral", "deepseek/deepseek", "qwen/qwen")


def listed(number):
    maker = MAKERS[number % len(MAKERS)]
    abilities = ["tools", "reasoning"] if number % 3 else ["temperature"]
    return {
        "id": f"{maker}-model-{number}",
        "name": f"{maker.split('/')[1].capitalize()} model {number}",
        "created": 2_000_000_000 - number,
        "context_length": (128_000, 200_000, 1_048_576)[number % 3],
        "architecture": {
            "input_modalities": ["text", "image"] if number % 2 else ["text"],
            "output_modalities": ["text"],
        },
        "pricing": {
            "prompt": f"{0.0000004 * (number % 9 + 1):.9f}",
            "completion": f"{0.000002 * (number % 9 + 1):.9f}",
        },
        "supported_parameters": abilities,
    }


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_model_is_chosen_from_five_hundred_and_used_in_this_chat(play, look):
    with (
        ScriptedModel("First.", "Second.") as model,
        ListingServer({"/v1/models": {"data": [listed(number) for number in range(500)]}}) as openrouter,
        ListingServer({}) as anthropic,
    ):
        anthropic.answers["/v1/models"] = 401
        config = f"base_urls:\n  openrouter: {openrouter.url}/v1\n  anthropic: {anthropic.url}\n"
        model.models = ("scripted", "second")
        env = {
            **model.environment,
            "OPENROUTER_API_KEY": "sk-or-canary",
            "ANTHROPIC_API_KEY": "sk-ant-canary",
        }
        seen = play("pick", config=config, env=env, dark=look if look == "dark" else "", always="yes")
    assert seen["kinds"] == ["failed", "heading", "model", "waiting"]
    assert seen["chosen_first"] == "custom:scripted"
    assert seen["focus"]
    assert not seen["leaked"]
    assert seen["would_help"] == "Sign in…"
    assert seen["slowest_key_ms"] < A_PROVIDERS_ANSWER_MS
    assert seen["opened_ms"] < A_PROVIDERS_ANSWER_MS
    assert "✓ PYMOLCODE_* environment: PYMOLCODE_MODEL names openai-chat:scripted" in seen["layers"]
    assert seen["narrow"] == 320
    assert model.requests[-1]["model"] == "second"
    assert "Second." in seen["shown"]
    assert seen["stored"]["custom"]["metadata"]["model"] == "second"
    assert "PYMOLCODE_MODEL names openai-chat:scripted goes before" in seen["said"]


def test_a_model_that_is_chosen_while_a_turn_runs_is_asked_at_the_next_message(play):
    with ScriptedModel(Silence("Let me think"), "Here I am.") as model:
        model.models = ("scripted", "second")
        seen = play("while_busy", env=model.environment)
    assert "From the next message on: second." in seen["during"]
    assert [request["model"] for request in model.requests] == ["scripted", "second"]
    assert seen["model"] == "second"
    assert "Here I am." in seen["shown"]


def known_models():
    """A list as OpenRouter gives it, of names and prices that genai-prices knows."""
    from genai_prices import data

    from pymolcode_plugin.llm.prices import price_of

    (provider,) = (found for found in data.providers if found.id == "openrouter")
    able = ("anthropic/claude", "google/gemini", "openai/gpt", "mistralai/", "deepseek/", "qwen/")
    models = [
        model
        for model in provider.models
        if model.id.startswith(able) and model.context_window and model.name and ":" not in model.id
    ]
    return [entry(model, price_of("openrouter", model.id), number) for number, model in enumerate(reversed(models))]


def entry(model, price, number):
    sees = model.id.startswith(("anthropic", "google", "openai"))
    thinks = any(word in model.id for word in ("opus", "pro", "gpt-5", "r1"))
    return {
        "id": model.id,
        "name": model.name,
        "created": 1_700_000_000 + number,
        "context_length": model.context_window,
        "architecture": {"input_modalities": ["text", *["image"] * sees], "output_modalities": ["text"]},
        "supported_parameters": ["tools", *["reasoning"] * thinks],
        "pricing": {"prompt": f"{price.input_usd / 1e6:.10f}", "completion": f"{price.output_usd / 1e6:.10f}"},
    }


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_pictures_of_the_documentation(play, look):
    answer = "Two chains, **A** and **B**, and amprenavir (`478`) between them."
    with (
        ScriptedModel(answer) as model,
        ListingServer({"/v1/models": {"data": [{"id": "qwen3:8b"}, {"id": "gpt-oss:20b"}]}}) as ollama,
    ):
        model.models = known_models()
        env = {
            "PYMOLCODE_MODEL": f"openrouter:{model.models[-1]['id']}",
            "PYMOLCODE_API_BASE": model.base_url,
            "OPENROUTER_API_KEY": "sk-or-canary",
        }
        signed_in = {
            "token_type": "Bearer",
            "access_token": "canary",
            "metadata": {"method": "browser", "account": "ada@example.org"},
        }
        saved = {"token_type": "api_key", "access_token": "canary", "metadata": {"method": "key"}}
        seen = play(
            "pictures",
            store={"openai": signed_in, "mistral": saved},
            config=f"base_urls:\n  ollama: {ollama.url}/v1\n",
            env=env,
            dark="yes" if look == "dark" else "",
        )
    assert any("sees images" in row and "$" in row for row in seen["rows"])
    assert any("Ollama" in row for row in seen["rows"])
