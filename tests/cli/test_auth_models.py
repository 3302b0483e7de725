"""Choosing a model, listing them, and one real request."""

import socket

import pytest

from ..llm.listing_server import ListingServer
from ..scripted_model import ScriptedModel, Status
from .auth_command import KEY

_LIST = {
    "data": [
        {"id": "vendor/big-one", "context_length": 200000, "supported_parameters": ["tools"], "created": 2},
        {"id": "vendor/small", "context_length": 8000, "created": 1},
        {"id": "bad\u001b[2Jname"},
    ]
}


@pytest.fixture
def server(auth):
    with ScriptedModel("yes") as scripted:
        auth.run("login", "custom", "--api-key", "-", "--base-url", scripted.base_url, stdin=f"{KEY}\n")
        yield scripted


def test_a_model_is_chosen_and_used(auth, server):
    done = auth.run("use", "Custom:scripted-2")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Chosen: custom:scripted-2.\nUsed from now on, with the model scripted-2.\n"
    assert auth.json("status")["model"]["name"] == "custom:scripted-2"
    assert auth.stored["custom"]["access_token"] == KEY, "the sign-in stays as it is"


def test_the_built_in_model_and_a_local_server_can_be_chosen_without_a_key(auth):
    assert "Used from now on" in auth.run("use", "builtin").stdout
    assert auth.json("status")["model"]["provider"] == "builtin"
    done = auth.run("use", "ollama:qwen3")
    assert done.returncode == 0
    assert "Chosen: ollama:qwen3." in done.stdout
    assert auth.stored["ollama"]["metadata"]["model"] == "qwen3"
    assert "There is no built-in model" in auth.run("use", "builtin:nonsense").stderr


def test_what_cannot_be_used_is_not_chosen(auth):
    done = auth.run("use", "anthropic:x")
    assert done.returncode == 1
    assert "`pymolcode-auth login anthropic`, or set ANTHROPIC_API_KEY" in done.stderr
    assert auth.stored == {}
    assert auth.run("use", "anthropic:x", ANTHROPIC_API_KEY=KEY).returncode == 0


def test_what_goes_before_a_choice_is_said(auth):
    auth.configure("model: builtin\n")
    report = auth.json("use", "ollama:qwen3")
    assert report["used"] is False
    assert "config.yaml (builtin) goes before it" in report["message"]
    assert "PYMOLCODE_MODEL (builtin)" in auth.run("use", "ollama:qwen3", PYMOLCODE_MODEL="builtin").stdout


def test_models_are_a_table_with_what_each_can_do(auth):
    with ListingServer({"/v1/models": _LIST}) as listing:
        auth.run("login", "custom", "--api-key", "-", "--base-url", f"{listing.url}/v1", stdin="\n")
        done = auth.run("models", "custom")
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[0].split() == ["MODEL", "CAN", "$/M", "IN", "$/M", "OUT", "CONTEXT"]
        assert "vendor/big-one" in done.stdout
        assert "200k" in done.stdout
        assert "\x1b" not in done.stdout
        found = auth.json("models", "custom", "--search", "BIG vendor")
        assert [(item["name"], item["context_window"]) for item in found] == [("custom:vendor/big-one", 200000)]
        assert "None of the 3 models" in auth.run("models", "custom", "--search", "nothing").stdout
        assert auth.json("models", "custom", "--search", "nothing") == []


def test_a_list_that_cannot_be_had_says_why(auth):
    assert "Anthropic wants a key" in auth.json("models", "anthropic", code=1)["error"]
    assert (
        "does not run on this machine"
        in auth.json("models", "anthropic", code=1, ANTHROPIC_API_KEY=KEY, PYMOLCODE_THIS_MACHINE_ONLY="1")["error"]
    )
    assert "The address of Azure OpenAI is not known" in auth.json("models", "azure", code=1)["error"]


def test_a_real_request_says_how_long_it_took_and_what_came(auth, server):
    report = auth.json("test", "custom:scripted")
    assert (report["model"], report["n_input_tokens"], report["n_output_tokens"]) == ("custom:scripted", 100, 7)
    assert report["text"] == "yes"
    assert 0 < report["seconds"] < 60
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "It works: custom:scripted answered in" in auth.run("test").stdout, "without a name, the one that is used"


def test_a_refused_key_is_1_and_says_what_to_do(auth):
    with ScriptedModel(Status(401, f"Incorrect API key provided: {KEY}")) as server:
        auth.run("login", "custom", "--api-key", "-", "--base-url", server.base_url, stdin=f"{KEY}\n")
        done = auth.run("test", "custom:scripted")
        assert done.returncode == 1
        assert "pymolcode-auth login custom" in done.stderr
        assert "401" in auth.json("test", "custom:scripted", code=1)["error"]


def test_what_could_not_be_asked_is_2(auth):
    assert "unknown" in auth.json("test", "martian:x", code=2)["error"]
    assert "wants a key" in auth.json("test", "anthropic:x", code=2)["error"]


def test_a_model_that_is_not_there_is_1(auth):
    assert "has not been downloaded" in auth.json("test", "builtin", code=1)["error"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    auth.run("login", "custom", "--api-key", "-", "--base-url", address, stdin="\n")
    assert auth.run("test", "custom:x").returncode == 1
