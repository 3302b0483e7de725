"""The service as a whole: what it keeps, what it leaves behind, and what it never shows."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import traceback

import pytest
import structlog
from pydantic import SecretStr

from pymolcode_plugin import logs
from pymolcode_plugin.auth import locking, providers
from pymolcode_plugin.auth import sign_in as sign_in_module
from pymolcode_plugin.auth.credentials import Credential, OAuthClient
from pymolcode_plugin.auth.loopback import Loopback
from pymolcode_plugin.auth.sign_in import SignIn
from pymolcode_plugin.auth.store_file import holding
from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import AuthError, ConfigError, NotSignedIn, SignInFailed

from . import test_chatgpt, test_device, test_openrouter, test_pkce
from .acme import acme, signing_in
from .people import Bystander, Person
from .vendor import Says

pytestmark = pytest.mark.conformance

KEY = SecretStr("sk-canary-0123456789")
OLD = Credential(
    provider_id="acme",
    access_token=SecretStr("old-canary"),
    metadata={"method": "key", "model": "m1", "base_url": "https://acme.example/v1", "account": "bob"},
)


async def test_a_key_makes_its_provider_the_one_in_use(store):
    store.put(Credential(provider_id="other", metadata={"chosen_at": 1.0}))
    signed_in = await signing_in(store, acme()).sign_in("acme", "key", key=SecretStr(f" {KEY.get_secret_value()}\n"))
    assert (signed_in.provider_id, signed_in.method, signed_in.expires_at) == ("acme", "key", None)
    assert store.chosen().provider_id == "acme"
    assert store.get("acme").access_token == KEY


async def test_the_model_and_the_address_stay_with_a_new_sign_in_and_nothing_else_does(store):
    store.put(OLD)
    await signing_in(store, acme()).sign_in("acme", "key", key=KEY)
    kept = store.get("acme")
    assert kept.access_token == KEY
    assert kept.metadata["model"] == "m1"
    assert kept.metadata["base_url"] == "https://acme.example/v1"
    assert "account" not in kept.metadata


async def test_a_new_address_is_stored_with_the_new_key_and_never_apart_from_it(store, monkeypatch):
    store.put(OLD)
    written = []
    put = store.put
    monkeypatch.setattr(store, "put", lambda credential: (written.append(credential), put(credential)))
    await signing_in(store, acme()).sign_in("acme", "key", key=KEY, base_url="https://new.example/v1")
    assert [(item.access_token, item.metadata["base_url"]) for item in written] == [(KEY, "https://new.example/v1")]
    assert store.get("acme").metadata["base_url"] == "https://new.example/v1"


async def test_a_key_is_handed_out_as_it_is(store):
    sign_in = signing_in(store, acme())
    await sign_in.sign_in("acme", "key", key=KEY)
    assert (await sign_in.fresh("acme")).access_token == KEY


async def test_nobody_signed_in_is_said(store):
    with pytest.raises(NotSignedIn):
        await signing_in(store, acme()).fresh("acme")


async def test_a_way_that_is_not_offered_is_refused(store):
    with pytest.raises(SignInFailed, match="no sign-in by device") as failure:
        await signing_in(store, acme(methods=("browser",))).sign_in("acme", "device", Person())
    assert "browser, key" in failure.value.message
    none = acme().model_copy(update={"oauth": None})
    with pytest.raises(SignInFailed, match="no sign-in by browser"):
        await signing_in(store, none, OAuthClient()).sign_in("acme", "browser", Person())


async def test_without_a_client_it_says_what_to_set(store):
    with pytest.raises(SignInFailed, match="needs a client id of your own") as failure:
        await signing_in(store, acme(), OAuthClient()).sign_in("acme", "browser", Person())
    assert "PYMOLCODE_ACME_CLIENT_ID" in failure.value.message


async def test_an_address_that_is_not_known_says_what_to_set(store):
    with pytest.raises(SignInFailed, match="no `token_url`") as failure:
        await signing_in(store, acme(device_url="https://acme.example/d")).sign_in("acme", "device", Person())
    assert "auth: acme:" in failure.value.message


async def test_a_provider_with_keys_only_can_be_signed_in_to_with_a_client_of_the_users(oidc, store):
    provider = acme().model_copy(update={"oauth": None})
    brought = OAuthClient(client_id="public", issuer=oidc, scopes=("openid",))
    signed_in = await signing_in(store, provider, brought).sign_in("acme", "browser", person := Person())
    await person.done()
    assert signed_in.method == "browser"


async def test_stopping_during_the_exchange_leaves_the_store_as_it_was(vendor, store):
    store.put(OLD)
    provider = test_pkce.rules(vendor)
    asked = asyncio.Event()
    answer = vendor.routes["/token"]

    def token(sent):
        running.cancel()
        asked.set()
        return answer(sent)

    vendor.routes["/token"] = token
    running = asyncio.ensure_future(signing_in(store, provider).sign_in("acme", "browser", person := Person()))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asked.is_set()
    assert "was stopped" in (await person.done()).text
    await test_pkce.assert_closed(person)
    assert store.all() == {"acme": OLD}


@pytest.mark.parametrize("before", [None, OLD])
async def test_stopping_while_it_is_stored_leaves_the_store_as_it_was(store, monkeypatch, before):
    if before is not None:
        store.put(before)
    loop, there, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    put = store.put

    def slow(credential):
        if credential.access_token == KEY:
            loop.call_soon_threadsafe(there.set)
            assert go_on.wait(5)
        put(credential)

    monkeypatch.setattr(store, "put", slow)
    running = asyncio.ensure_future(signing_in(store, acme()).sign_in("acme", "key", key=KEY))
    await asyncio.wait_for(there.wait(), 5)
    running.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert store.get("acme") == before


@pytest.mark.parametrize("before", [None, OLD])
async def test_stopping_when_only_the_page_is_left_leaves_the_store_as_it_was(vendor, store, monkeypatch, before):
    if before is not None:
        store.put(before)
    show = Loopback.show

    def stopped(door, page):
        assert store.get("acme").access_token != OLD.access_token
        show(door, page)
        running.cancel()

    monkeypatch.setattr(Loopback, "show", stopped)
    person = Person()
    running = asyncio.ensure_future(signing_in(store, test_pkce.rules(vendor)).sign_in("acme", "browser", person))
    with pytest.raises(asyncio.CancelledError):
        await running
    await person.done()
    assert store.get("acme") == before


async def test_a_store_that_cannot_be_written_is_said_in_the_browser_too(vendor, store, monkeypatch):
    def full(_credential):
        raise AuthError("auth.json cannot be written: no space left.")

    monkeypatch.setattr(store, "put", full)
    person = Person()
    with pytest.raises(AuthError, match="no space left"):
        await signing_in(store, test_pkce.rules(vendor)).sign_in("acme", "browser", person)
    page = (await person.done()).text
    assert "Not signed in" in page
    assert "<h1>Signed in" not in page
    await test_pkce.assert_closed(person)


async def test_a_front_that_fails_closes_the_port(vendor, store):
    class Broken(Bystander):
        def open_page(self, url):
            self.urls.append(url)
            raise OSError("no browser")

    person = Broken()
    with pytest.raises(OSError, match="no browser"):
        await signing_in(store, test_pkce.rules(vendor)).sign_in("acme", "browser", person)
    await test_pkce.assert_closed(person)


async def test_a_keyring_that_broke_does_not_stand_in_the_way_of_a_new_sign_in(store):
    class Broken:
        def get(self, *_given):
            raise AuthError("The system's keyring cannot be used.")

        put = remove = get

    bare = {"access_token": SecretStr(""), "metadata": {**OLD.metadata, "keyring": True}}
    store.put(OLD.model_copy(update=bare))
    store._vault = Broken()
    sign_in = signing_in(store, acme())
    with pytest.raises(AuthError, match="keyring"):
        await sign_in.sign_in("acme", "key", key=KEY)
    assert store.entry("acme").in_keyring
    store._vault = None
    await sign_in.sign_in("acme", "key", key=KEY)
    assert store.get("acme").access_token == KEY
    assert store.get("acme").metadata["model"] == "m1"


async def test_a_sign_in_or_out_that_waits_for_another_pymolcode_can_be_stopped(store, monkeypatch):
    store.put(OLD)
    waits, pause = asyncio.Event(), asyncio.sleep
    monkeypatch.setattr(locking, "_pause", lambda: (waits.set(), pause(0))[1])
    sign_in = signing_in(store, acme())
    with holding(store.lock("acme"), 10.0, "it"):
        for work in (sign_in.sign_in("acme", "key", key=KEY), sign_in.sign_out("acme")):
            waits.clear()
            waiting = asyncio.ensure_future(work)
            await waits.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
    assert store.get("acme") == OLD


async def test_the_users_settings_and_environment_are_used(monkeypatch):
    monkeypatch.setenv("PYMOLCODE_GITHUB_COPILOT_CLIENT_SECRET", "secret-canary-0123")
    settings = Settings(auth={"github-copilot": {"client_id": SecretStr("mine")}})
    sign_in = SignIn.from_settings(settings)
    client = sign_in._client(providers.find("github-copilot"))
    assert client.client_id == "mine"
    assert client.client_secret.get_secret_value() == "secret-canary-0123"
    with pytest.raises(ConfigError, match="no provider"):
        SignIn.from_settings(Settings(auth={"nobody": {}}))


async def test_a_client_may_come_from_the_file_of_the_environment(tmp_path, monkeypatch):
    (tmp_path / "own.env").write_text("PYMOLCODE_GOOGLE_CLIENT_ID=from-the-file\n")
    monkeypatch.setenv("PYMOLCODE_ENV_FILE", str(tmp_path / "own.env"))
    client = SignIn.from_settings(load())._client(providers.find("google"))
    assert client.client_id == "from-the-file"


def test_secrets_go_to_the_keyring_where_that_is_set():
    assert SignIn.from_settings(Settings(keyring=True))._store.keeps_in == "the system's keyring"
    assert SignIn.from_settings(Settings())._store.keeps_in.endswith("auth.json")


async def test_a_real_entry_can_be_signed_in_to_and_out_of():
    sign_in = SignIn.from_settings(Settings())
    await sign_in.sign_in("groq", "key", key=SecretStr("gsk_canary0123456789"))
    assert (await sign_in.fresh("groq")).access_token.get_secret_value() == "gsk_canary0123456789"
    assert (await sign_in.sign_out("groq")).revoked is None
    with pytest.raises(NotSignedIn):
        await sign_in.fresh("groq")


@pytest.mark.parametrize("provider", providers.providers(), ids=lambda provider: provider.id)
def test_every_entry_can_be_signed_in_to_with_what_it_says(provider):
    oauth = provider.oauth
    if oauth is None:
        return
    assert oauth.kind != "standard" or oauth.client_id or oauth.bring_client
    known = oauth.issuer or oauth.token_url or "issuer" in oauth.bring_client
    assert known, "neither an issuer nor addresses"
    for method, address in (("browser", oauth.authorize_url), ("device", oauth.device_url)):
        assert method not in oauth.methods or address or not oauth.token_url


async def _device(vendor, store, fails):
    refused = Says({"error": "invalid_grant", "error_description": "no device-canary-1"}, 400)
    provider = test_device.rules(vendor, [refused if fails else test_device.GRANTED])
    return signing_in(store, provider), Bystander(), "device"


async def _browser(vendor, store, fails):
    client = OAuthClient(client_id="public", client_secret=SecretStr("client-canary-0123"))
    provider = test_pkce.rules(vendor, tokens={"refresh_token": "refresh-canary-1"})
    if fails:
        vendor.routes["/token"] = lambda asked: Says({"error": "x", "error_description": f"{asked.form}"}, 400)
    return signing_in(store, provider, client), Person(), "browser"


async def _openrouter(vendor, store, fails):
    refused = Says({"error": "no code-canary-1"}, 403) if fails else None
    provider = test_openrouter.rules(vendor, answer=refused)
    return signing_in(store, provider, OAuthClient()), Person(), "browser"


async def _chatgpt(vendor, store, fails):
    provider = test_chatgpt.rules(vendor, claims={"nonce": "nonce-canary-1"} if fails else None)
    return signing_in(store, provider, OAuthClient()), Person(), "browser"


@pytest.mark.parametrize("fails", [False, True], ids=["works", "fails"])
@pytest.mark.parametrize("flow", [_browser, _device, _openrouter, _chatgpt])
async def test_no_secret_is_written_or_shown(vendor, store, tmp_path, monkeypatch, capfd, flow, fails):
    logs.configure(tmp_path)
    monkeypatch.setattr(sign_in_module, "_log", logs.get("auth"))  # one that has not settled on a file yet
    sign_in, person, method = await flow(vendor, store, fails)
    shown = []
    try:
        shown.append(repr(await sign_in.sign_in("acme", method, person)))
        assert not fails
        held = await sign_in.fresh("acme")
        shown += [repr(held), str(held), repr(store.all())]
        vendor.routes["/token"] = lambda asked: Says(
            {"error": "invalid_grant", "error_description": str(asked.form)}, 400
        )
        with contextlib.suppress(NotSignedIn):
            await sign_in.fresh("acme", refused=held.access_token)
        shown.append(repr(await sign_in.sign_out("acme")))
        shown.append((tmp_path / "pymolcode.log").read_text())
        assert "auth.signed_out" in shown[-1]
    except SignInFailed as error:
        assert fails
        shown += [error.message, repr(error), "".join(traceback.format_exception(error))]
    finally:
        structlog.reset_defaults()
    page = await person.done()
    shown += [page.text, str(page.headers)] if page else []
    everything = "\n".join([*shown, *capfd.readouterr()])
    secrets = [asked.form.get("code_verifier") for asked in vendor.to("/token")]
    secrets += [asked.json["code_verifier"] for asked in vendor.to("/api/v1/auth/keys")]
    for secret in ("-canary-", "canary0", *filter(None, secrets)):
        assert secret not in everything


async def test_no_secret_is_in_what_a_failed_refresh_says(vendor, store):
    sign_in = signing_in(store, test_pkce.rules(vendor, tokens={"refresh_token": "refresh-canary-1"}))
    await sign_in.sign_in("acme", "browser", person := Person())
    await person.done()
    vendor.routes["/token"] = lambda asked: Says({"error": "invalid_grant", "error_description": str(asked.form)}, 400)
    with pytest.raises(NotSignedIn, match="invalid_grant") as failure:
        await sign_in.fresh("acme", refused=store.get("acme").access_token)
    assert "canary" not in "".join(traceback.format_exception(failure.value))
