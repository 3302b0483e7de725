"""Signing in as a user does, against the certified OAuth server; the test plays the browser."""

import os
import signal
import socket
import stat
import threading
from urllib.parse import urlsplit

import httpx2
import pytest

from pymolcode_plugin.auth.credentials import DeviceCode
from pymolcode_plugin.cli.auth_front import redirect_port

from ..auth.people import Person
from ..llm.listing_server import ListingServer
from ..scripted_model import ScriptedModel
from .auth_command import KEY

pytestmark = pytest.mark.conformance

_SERVER = "http://127.0.0.1:9/v1"  # nobody answers there


@pytest.fixture
def custom(auth, oauth):
    """A server of one's own with an issuer of its own."""
    auth.configure(
        f"auth: {{custom: {{issuer: '{oauth.issuer}', client_id: public, scopes: [openid, email, offline_access]}}}}"
    )
    return auth


async def _open(address):
    """What the browser shows in the end."""
    person = Person()
    person.open_page(address)
    return await person.done()


async def _signed_in(auth, *options):
    running = auth.start("login", "custom", "--no-browser", *options)
    page = await _open(running.address())
    assert "Signed in" in page.text
    assert running.wait() == 0, running.text
    return running.text


async def test_a_sign_in_through_the_browser_is_kept_and_used(custom):
    with ScriptedModel("yes") as server:
        text = await _signed_in(custom, "--base-url", server.base_url)
        assert "Signed in to OpenAI-compatible server as ada@example.org, for" in text
        assert f"Kept in  {custom.home}/auth.json" in text
        assert "Used from now on, with the model scripted." in text
        entry = custom.stored["custom"]
        assert entry["token_type"] == "Bearer"
        assert entry["metadata"]["base_url"] == server.base_url
        assert stat.S_IMODE((custom.home / "auth.json").stat().st_mode) == 0o600
        done = custom.run("test", "custom")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "It works: custom:scripted answered in" in done.stdout
        assert server.headers[0]["authorization"] == f"Bearer {entry['access_token']}"


async def test_without_a_browser_it_says_how_the_answer_gets_here(custom):
    running = custom.start("login", "custom", "--base-url", _SERVER, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    address = running.address()
    port = redirect_port(address)
    assert running.interrupt() == 130
    assert "You are connected over SSH, so no browser was opened." in running.text
    assert f"ssh -L {port}:127.0.0.1:{port} " in running.text
    assert "login custom --device" in running.text


async def test_ctrl_c_while_the_browser_is_waited_for_leaves_no_listener_and_no_file(custom):
    running = custom.start("login", "custom", "--no-browser", "--base-url", _SERVER)
    port = redirect_port(running.address())
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
    assert running.interrupt() == 130
    assert "Stopped; nothing was stored." in running.text
    assert custom.stored == {}
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


async def test_a_code_that_is_typed_at_another_device_signs_in(custom):
    running = custom.start("login", "custom", "--device", "--base-url", _SERVER)
    uri, code = running.address(), running.code()
    person = Person()
    person.show_code(
        DeviceCode(
            user_code=code, verification_uri=uri, verification_uri_complete=f"{uri}?user_code={code}", expires_at=0
        )
    )
    await person.done()
    assert running.wait() == 0, running.text
    assert f"{uri}?user_code={code}" in running.text
    assert "It can be used for 1 minute. Waiting; Ctrl-C stops." in running.text
    assert "\r" not in running.text, "nothing moves the cursor where there is no terminal"
    assert custom.stored["custom"]["metadata"]["method"] == "device"
    assert "Used from now on, but the model is not known yet" in running.text


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_while_a_code_is_waited_for_leaves_nothing(custom, signum):
    running = custom.start("login", "custom", "--device", "--base-url", _SERVER)
    running.code()
    assert running.interrupt(signum) == 130
    assert "Stopped; nothing was stored." in running.text
    assert custom.stored == {}


async def test_with_json_only_the_object_is_on_standard_output(custom):
    running = custom.start("login", "custom", "--no-browser", "--base-url", _SERVER, "--json")
    await _open(running.address())
    assert running.wait() == 0, running.text
    assert '"account": "ada@example.org"' in running.text
    assert '"message": "Used from now on' in running.text


async def test_logout_forgets_and_revokes(custom, oauth):
    await _signed_in(custom, "--base-url", _SERVER)
    token = custom.stored["custom"]["refresh_token"]
    done = custom.run("logout", "custom")
    assert done.stdout == "Signed out of OpenAI-compatible server; the sign-in was revoked.\n"
    assert custom.stored == {}
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "public"}
    assert httpx2.post(f"{oauth.issuer}/token", data=form).json()["error"] == "invalid_grant"


async def test_a_sign_in_that_is_denied_says_so_and_stores_nothing(custom):
    running = custom.start("login", "custom", "--no-browser", "--base-url", _SERVER)
    await _open(f"{running.address()}&login_hint=deny")
    assert running.wait() == 1
    assert "refused: the sign-in was denied in the browser" in running.text
    assert custom.stored == {}


def test_a_key_through_a_pipe_is_kept_and_never_shown(auth):
    done = auth.run("login", "anthropic", "--api-key", "-", stdin=f"{KEY}\nmore that is not read\n")
    assert done.returncode == 0
    assert "The key of Anthropic is stored." in done.stdout
    assert auth.stored["anthropic"]["access_token"] == KEY
    assert auth.stored["anthropic"]["metadata"]["method"] == "key"


def test_a_key_on_the_command_line_is_refused_with_the_remedy(auth):
    for written in (("--api-key", KEY), (f"--api-key={KEY}",)):
        done = auth.run("login", "openai", *written)
        assert done.returncode == 1
        assert "shell's history" in done.stderr
        assert "--api-key - < FILE" in done.stderr
    assert auth.stored == {}


def test_what_is_no_key_is_refused_without_repeating_it(auth):
    for text, why in (("", "it is empty"), ("your-api-key-here", "placeholder"), ("two words here", "spaces")):
        done = auth.run("login", "openai", "--api-key", "-", stdin=f"{text}\n")
        assert done.returncode == 1
        assert why in done.stderr
        assert not text or text not in done.stderr
    assert auth.run("login", "openai", "--api-key", "-", stdin="\n").returncode == 1
    assert auth.stored == {}


def test_nothing_is_read_from_a_pipe_unless_that_was_asked_for(auth):
    done = auth.run("login", "anthropic", stdin=f"{KEY}\n")
    assert done.returncode == 1
    assert "There is no terminal to ask for the key of Anthropic." in done.stderr
    assert auth.stored == {}


def test_a_provider_without_an_address_wants_one_before_anything_else(auth):
    done = auth.run("login", "azure", "--api-key", "-", stdin=f"{KEY}\n")
    assert done.returncode == 1
    assert "The address of Azure OpenAI is not known. Add --base-url URL." in done.stderr
    for wrong in ("nonsense", "ftp://x", "https://me:pw@host/v1", "https://host/v1?key=1", "https://me@h", "http://"):
        assert "The base URL is no web address" in auth.run("login", "azure", "--base-url", wrong, stdin=KEY).stderr
    done = auth.run("login", "azure", "--api-key", "-", "--base-url", "https://acme.example", stdin=f"{KEY}\n")
    assert done.returncode == 0
    assert "Address  https://acme.example" in done.stdout
    assert "azure:MODEL" in done.stdout, "it lists no models, so one has to be named"


def test_a_server_without_a_key_can_be_signed_in_to(auth):
    with ScriptedModel("yes") as server:
        done = auth.run("login", "custom", "--api-key", "-", "--base-url", server.base_url, stdin="\n")
        assert done.returncode == 0, done.stderr
        assert "Used from now on, with the model scripted." in done.stdout
        assert auth.json("test", "custom")["text"] == "yes"
    assert "authorization" not in server.headers[0]


def test_the_new_key_never_goes_to_the_old_address(auth):
    with ScriptedModel("old") as old, ScriptedModel("new") as new:
        auth.run("login", "custom", "--api-key", "-", "--base-url", old.base_url, stdin="first-canary-key\n")
        auth.run("login", "custom", "--api-key", "-", "--base-url", new.base_url, stdin=f"{KEY}\n")
        assert auth.json("test", "custom")["text"] == "new"
        assert old.requests == []


def test_a_way_that_a_provider_does_not_have_names_those_it_has(auth):
    done = auth.run("login", "anthropic", "--device")
    assert done.returncode == 1
    assert "Anthropic has no sign-in by device. Use --api-key -." in done.stderr
    assert "use builtin" in auth.run("login", "builtin").stderr


def test_a_way_that_needs_a_client_of_ones_own_says_how_to_get_one(auth):
    done = auth.run("login", "google", "--no-browser")
    assert done.returncode == 1
    assert "needs a client id of your own" in done.stderr
    assert "PYMOLCODE_GOOGLE_CLIENT_ID" in done.stderr


def test_what_goes_before_the_sign_in_is_said(auth):
    done = auth.run("login", "anthropic", "--api-key", "-", stdin=KEY, PYMOLCODE_MODEL="builtin")
    assert done.returncode == 0
    assert "Not used yet: PYMOLCODE_MODEL (builtin) goes before it" in done.stdout
    report = auth.json("login", "anthropic", "--api-key", "-", stdin=KEY, PYMOLCODE_MODEL="builtin")
    assert report["used"] is False
    assert report["model"]["provider"] == "builtin"


def test_the_lock_is_said(auth):
    done = auth.run("login", "anthropic", "--api-key", "-", stdin=KEY, PYMOLCODE_THIS_MACHINE_ONLY="1")
    assert done.returncode == 0
    assert "Not used now:" in done.stdout
    assert "`This machine only` is on" in done.stdout


def test_chatgpt_is_marked_as_a_preview_before_the_browser_opens(auth):
    running = auth.start("login", "openai", "--no-browser")
    assert urlsplit(running.address()).hostname == "auth.openai.com"
    assert running.interrupt() == 130
    assert running.text.index("uses your ChatGPT plan") < running.text.index("https://auth.openai.com")


def test_openrouter_without_options_takes_the_browser(auth):
    running = auth.start("login", "openrouter")
    address = running.address()
    assert address.startswith("https://openrouter.ai/auth?")
    assert redirect_port(address) > 0
    assert running.interrupt() == 130
    assert auth.stored == {}


def test_a_browser_that_is_there_is_opened(auth, tmp_path):
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    running = auth.start("login", "openrouter", BROWSER=str(browser))
    with opened.open() as pipe:
        assert pipe.read().strip() == running.address()
    assert running.interrupt() == 130
    assert "Opening openrouter.ai in your browser." in running.text


def test_ctrl_c_while_the_list_of_models_is_waited_for_keeps_the_sign_in_and_says_so(auth):
    asked, over = threading.Event(), threading.Event()

    def never(_query):
        asked.set()
        over.wait(30)
        return {"data": []}

    with ListingServer({"/v1/models": never}) as server:
        running = auth.start("login", "ollama", "--base-url", f"{server.url}/v1")
        assert asked.wait(30)
        code = running.interrupt()
        over.set()
    assert code == 0
    assert "Ollama is chosen." in running.text
    assert "Stopped before the model was known; what was done is kept." in running.text
    assert "ollama" in auth.stored
