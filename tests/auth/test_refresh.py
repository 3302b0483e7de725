"""One refresh, however many ask for it."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth import locking
from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.refresh import is_asking, refreshed, settled, settling
from pymolcode_plugin.auth.store_file import holding
from pymolcode_plugin.core.errors import AuthError, NotSignedIn

from ..node_servers import oauth_server
from ..pymol_process import ROOT
from .acme import acme, signing_in
from .people import Person

pytestmark = pytest.mark.conformance

N_ROUNDS = 20


def expired(**more):
    usual = {"expires_at": time.time() - 1, "refresh_token": SecretStr("r1")}
    return Credential(provider_id="acme", access_token=SecretStr("a1"), token_type="Bearer", **{**usual, **more})


class Endpoint:
    """A token endpoint that counts, and answers when it may."""

    def __init__(self, lives_s=3600.0):
        self.n, self.may, self.asked, self.lives_s = 0, asyncio.Event(), asyncio.Event(), lives_s
        self.may.set()

    async def __call__(self, credential):
        self.n += 1
        self.asked.set()
        await self.may.wait()
        return credential.model_copy(
            update={
                "access_token": SecretStr(f"a{self.n + 1}"),
                "refresh_token": SecretStr(f"r{self.n + 1}"),
                "expires_at": time.time() + self.lives_s,
            }
        )


async def test_what_has_not_expired_is_used_and_nobody_is_asked(store):
    endpoint, good = Endpoint(), expired(expires_at=time.time() + 3600)
    store.put(good)
    assert await refreshed(store, "acme", exchange=endpoint) == good
    store.put(expired(expires_at=None))
    assert (await refreshed(store, "acme", exchange=endpoint)).access_token == good.access_token
    assert endpoint.n == 0


async def test_many_that_ask_at_once_share_one_refresh(store):
    endpoint = Endpoint()
    store.put(expired())
    found = await asyncio.gather(*(refreshed(store, "acme", exchange=endpoint) for _ in range(10)))
    assert {item.access_token.get_secret_value() for item in found} == {"a2"}
    assert endpoint.n == 1
    assert store.get("acme").refresh_token.get_secret_value() == "r2"


async def test_a_token_that_was_refused_is_refreshed_unless_it_was_replaced_meanwhile(store):
    endpoint = Endpoint()
    store.put(expired(expires_at=time.time() + 3600))
    old = SecretStr("a1")
    assert (await refreshed(store, "acme", exchange=endpoint, refused=old)).access_token.get_secret_value() == "a2"
    assert (await refreshed(store, "acme", exchange=endpoint, refused=old)).access_token.get_secret_value() == "a2"
    assert endpoint.n == 1


async def test_a_stopped_request_does_not_lose_the_new_token(store):
    endpoint = Endpoint()
    endpoint.may.clear()
    store.put(expired())
    asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
    await endpoint.asked.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    endpoint.may.set()
    assert (await refreshed(store, "acme", exchange=endpoint)).access_token.get_secret_value() == "a2"
    assert endpoint.n == 1


async def test_a_new_token_is_kept_though_everything_is_stopped_the_moment_it_comes(store, monkeypatch):
    """With every worker thread busy: what waits for one then is dropped where its task is cancelled."""
    loop, answer, renew, written = asyncio.get_running_loop(), Endpoint(), store.renew, threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))

    async def exchange(credential):
        new = await answer(credential)
        written.clear()
        loop.run_in_executor(None, written.wait, 5)
        asyncio.current_task().cancel()  # comes at the next thing that is waited for
        return new

    monkeypatch.setattr(store, "renew", lambda new: (renew(new), written.set())[0])
    store.put(expired())
    with pytest.raises(asyncio.CancelledError):
        await refreshed(store, "acme", exchange=exchange)
    assert store.get("acme").refresh_token.get_secret_value() == "r2"
    with holding(store.lock("acme"), 10.0, "it"):
        assert not is_asking()


def test_a_loop_that_ends_waits_for_the_new_token(store):
    """As asyncio.run ends one: whatever still runs is cancelled."""

    async def ask():
        endpoint = Endpoint()
        endpoint.may.clear()
        asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
        await endpoint.asked.wait()
        assert is_asking()
        asking.cancel()
        threading.Thread(target=loop_goes_on, args=(asyncio.get_running_loop(), endpoint)).start()

    def loop_goes_on(loop, endpoint):
        """The answer comes when the loop has turned a few times, which it does not where nobody waits."""
        for _ in range(10):
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)
        loop.call_soon_threadsafe(endpoint.may.set)

    store.put(expired())
    asyncio.run(settling(ask()))
    assert store.get("acme").refresh_token.get_secret_value() == "r2"


async def test_what_the_user_chose_while_a_token_was_renewed_is_kept(store):
    endpoint = Endpoint()
    endpoint.may.clear()
    store.put(expired(metadata={"model": "old"}))
    asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
    await endpoint.asked.wait()
    store.choose("acme", "new")
    endpoint.may.set()
    assert (await asking).metadata["model"] == "new"
    assert store.chosen().metadata["model"] == "new"
    assert store.get("acme").access_token.get_secret_value() == "a2"


async def test_what_the_user_chose_while_a_sign_in_turned_out_to_be_over_is_kept(store):
    async def over(_credential):
        store.choose("acme", "new")
        raise NotSignedIn("The sign-in is over.", hint="Sign in again.")

    store.put(expired(metadata={"model": "old"}))
    with pytest.raises(NotSignedIn):
        await refreshed(store, "acme", exchange=over)
    assert (store.get("acme").metadata["model"], store.get("acme").metadata["over"]) == ("new", "The sign-in is over.")


async def test_waiting_for_a_new_token_has_a_limit(store):
    endpoint = Endpoint()
    endpoint.may.clear()
    store.put(expired())
    asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
    await endpoint.asked.wait()
    assert not await settled(limit_s=0.02)
    endpoint.may.set()
    assert (await asking).access_token.get_secret_value() == "a2"
    assert await settled(limit_s=0.02)


async def test_before_a_process_ends_refreshes_of_other_loops_are_waited_for_too(store):
    asked, may = threading.Event(), threading.Event()

    async def exchange(credential):
        asked.set()
        await asyncio.to_thread(may.wait, 10)
        return credential.model_copy(update={"refresh_token": SecretStr("r2"), "expires_at": None})

    store.put(expired())
    other = asyncio.ensure_future(asyncio.to_thread(asyncio.run, refreshed(store, "acme", exchange=exchange)))
    await asyncio.to_thread(asked.wait, 10)
    assert await settled(limit_s=0.02), "of this loop there is none"
    assert not await settled(limit_s=0.02, everywhere=True)
    may.set()
    assert await settled(limit_s=10, everywhere=True)
    assert store.get("acme").refresh_token.get_secret_value() == "r2"
    await other


async def test_a_refresh_that_only_waits_is_stopped_at_the_end_and_holds_nothing(store, monkeypatch):
    endpoint, tried = Endpoint(), asyncio.Event()
    store.put(expired())
    pause = asyncio.sleep
    monkeypatch.setattr(locking, "_pause", lambda: (tried.set(), pause(0))[1])
    with holding(store.lock("acme"), 10.0, "it"):
        asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
        await tried.wait()
        assert await settled(limit_s=10)
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert endpoint.n == 0
    with holding(store.lock("acme"), 0.0, "it"):
        assert store.get("acme") == expired(expires_at=store.get("acme").expires_at)


async def test_a_token_that_lives_for_seconds_is_not_refreshed_at_every_use(store):
    endpoint = Endpoint(lives_s=30.0)
    store.put(expired())
    for _ in range(5):
        await refreshed(store, "acme", exchange=endpoint)
    assert endpoint.n == 1


async def test_a_sign_in_that_is_over_is_not_tried_again_and_again(store):
    asked = []

    async def over(credential):
        asked.append(credential)
        raise NotSignedIn("The sign-in is over.", hint="Sign in again.")

    store.put(expired())
    for _ in range(3):
        with pytest.raises(NotSignedIn, match="over") as failure:
            await refreshed(store, "acme", exchange=over)
        assert "ign in" in failure.value.hint
    assert len(asked) == 1
    store.put(expired(metadata={}))
    with pytest.raises(NotSignedIn):
        await refreshed(store, "acme", exchange=over)
    assert len(asked) == 2, "a new sign-in is tried"


async def test_on_a_full_disk_the_refresh_token_is_not_used_up(store, monkeypatch):
    endpoint = Endpoint()
    store.put(expired())

    def full(_credential):
        raise AuthError("No space left.")

    monkeypatch.setattr(store, "renew", full)
    with pytest.raises(AuthError, match="No space"):
        await refreshed(store, "acme", exchange=endpoint)
    assert endpoint.n == 0


async def test_one_that_waits_for_another_pymolcode_keeps_nobody_else_waiting_and_gets_its_token(store):
    endpoint, other = Endpoint(), Endpoint()
    store.put(expired())
    taken, done = threading.Event(), threading.Event()

    def elsewhere():
        with holding(store.lock("acme"), 10.0, "it"):
            taken.set()
            done.wait(10)
            theirs = {"access_token": SecretStr("theirs"), "expires_at": time.time() + 3600}
            store.put(expired().model_copy(update=theirs))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    await asyncio.to_thread(taken.wait, 10)
    asking = asyncio.ensure_future(refreshed(store, "acme", exchange=endpoint))
    store.put(expired().model_copy(update={"provider_id": "other"}))
    assert (await refreshed(store, "other", exchange=other)).access_token.get_secret_value() == "a2"
    done.set()
    assert (await asking).access_token.get_secret_value() == "theirs"
    assert endpoint.n == 0
    thread.join()


async def test_waiting_for_another_pymolcode_has_a_limit(store, monkeypatch):
    monkeypatch.setattr(locking, "_LIMIT_S", 0.05)
    store.put(expired())
    with holding(store.lock("acme"), 10.0, "it"), pytest.raises(AuthError, match="Another pymolcode"):
        await refreshed(store, "acme", exchange=Endpoint())


async def test_two_processes_that_refresh_the_same_rotating_token_20_times_refresh_once_each_time(store):
    """The server takes the whole sign-in back where a refresh token is used twice."""
    with oauth_server() as server:
        sign_in, person = signing_in(store, acme(issuer=server.issuer)), Person()
        await sign_in.sign_in("acme", "browser", person)
        await person.done()
        both_refresh(store, server.issuer)
        counts = server.counts()
    assert counts["refresh_token"] == N_ROUNDS
    assert "refused" not in counts


def both_refresh(store, issuer):
    command = [sys.executable, "-m", "tests.auth.refresher", str(store.path), issuer]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as other:
        both = (one, other)
        assert [process.stdout.readline() for process in both] == ["ready\n"] * 2
        seen = set()
        for _ in range(N_ROUNDS):
            store.put(store.get("acme").model_copy(update={"expires_at": 1.0}))
            for process in both:
                process.stdin.write("\n")
                process.stdin.flush()
            got = {token for process in both for token in process.stdout.readline().split()}
            assert len(got) == 1, "they hold different tokens"
            assert not got & seen
            seen |= got
        for process in both:
            process.stdin.close()
