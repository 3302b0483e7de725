import json
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.auth.store_file import holding
from pymolcode_plugin.core.errors import AuthError

pytestmark = pytest.mark.conformance

CANARY = "canary-token-0123456789"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "auth.json"


@pytest.fixture
def store(path):
    return TokenStore(path)


@pytest.fixture
def another_disk(tmp_path):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this computer has one disk")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def key(provider="openrouter", secret=CANARY, **more):
    return Credential(provider_id=provider, access_token=SecretStr(secret), **more)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_put_is_read_back_in_the_shape_that_others_know(store, path):
    credential = Credential(
        provider_id="google",
        access_token=SecretStr("access"),
        token_type="Bearer",
        refresh_token=SecretStr("refresh"),
        expires_at=1234.5,
        metadata={"account": "ada"},
    )
    store.put(credential)
    assert TokenStore(path).get("google") == credential
    assert json.loads(path.read_text()) == {
        "google": {
            "provider_id": "google",
            "access_token": "access",
            "token_type": "Bearer",
            "refresh_token": "refresh",
            "expires_at": 1234.5,
            "metadata": {"account": "ada"},
        }
    }


def test_file_lock_and_folder_are_the_users_alone_whatever_the_umask(store, path):
    before = os.umask(0)
    try:
        store.put(key())
    finally:
        os.umask(before)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    assert {mode(item) for item in path.parent.iterdir()} == {0o600}


def test_a_file_that_others_could_read_is_narrowed_when_it_is_read(store, path):
    store.put(key())
    path.chmod(0o644)
    path.parent.chmod(0o755)
    assert store.get("openrouter") == key()
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_no_file_means_nobody_is_signed_in(store, path):
    assert store.all() == {}
    assert store.get("openrouter") is None
    assert store.chosen() is None
    assert not path.exists()


@pytest.mark.parametrize("content", [b'{"openrouter": {"acc', b"", b"\xff\xfe", b"[1, 2]", b"[" * 100_000])
def test_a_corrupt_file_is_kept_aside_and_said_and_never_overwritten(store, path, content):
    store.put(key())
    path.write_bytes(content)
    assert store.all() == {}
    store.put(key("groq"))
    assert set(store.all()) == {"groq"}
    assert store.set_aside.read_bytes() == content
    assert mode(store.set_aside) == 0o600
    assert store.set_aside.name.startswith("auth.json.damaged-")


def test_whichever_store_found_a_corrupt_file_all_of_the_process_can_say_it(path):
    path.parent.mkdir()
    path.write_text("corrupt")
    assert TokenStore(path).all() == {}
    other = TokenStore(path)
    aside = other.set_aside
    assert aside.read_text() == "corrupt"
    assert TokenStore(path.with_name("another.json")).set_aside is None
    aside.unlink()
    assert other.set_aside is None


def test_a_mark_at_the_beginning_as_windows_writes_it_costs_nothing(store, path):
    path.parent.mkdir()
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"openrouter": {"access_token": CANARY}}).encode())
    assert store.all() == {"openrouter": key()}
    assert store.set_aside is None


def test_half_a_character_is_kept_as_an_escape_and_does_not_damage_the_file(store, path):
    half = "name-\ud83d"
    store.put(key(metadata={"account": half}))
    store.put(key(half, "secret-\udc00-canary"))
    found = TokenStore(path)
    assert found.get("openrouter").metadata["account"] == half
    assert found.get(half).access_token.get_secret_value() == "secret-\udc00-canary"
    assert found.set_aside is None
    with holding(found.lock(half), 10.0, "it"):
        path.read_bytes().decode("utf-8")


def test_a_corrupt_file_on_another_disk_is_copied_aside(store, path, another_disk):
    real = another_disk / "auth.json"
    real.write_text("corrupt")
    path.parent.mkdir()
    path.symlink_to(real)
    assert store.all() == {}
    assert store.set_aside.read_text() == "corrupt"
    assert mode(store.set_aside) == 0o600
    store.put(key())
    assert path.is_symlink()
    assert TokenStore(real).get("openrouter") == key()
    assert [item.name for item in path.parent.glob("*.damaged-*")] == [store.set_aside.name], "once"


@pytest.mark.parametrize("closed_to", ["everyone's", "another's"])
def test_a_folder_that_is_not_the_users_alone_is_left_as_it_is(store, path, closed_to, monkeypatch):
    path.parent.mkdir()
    path.parent.chmod(0o1777 if closed_to == "everyone's" else 0o755)
    before = mode(path.parent)
    if closed_to == "another's":
        monkeypatch.setattr(os, "geteuid", lambda: path.parent.stat().st_uid + 1)
    store.put(key())
    assert store.get("openrouter") == key()
    assert mode(path.parent) == before
    assert mode(path) == 0o600


def test_two_corrupt_files_are_both_kept(path):
    kept = set()
    for number in range(2):
        store = TokenStore(path)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"corrupt {number}")
        store.all()
        kept.add(store.set_aside.read_text())
    assert kept == {"corrupt 0", "corrupt 1"}


def test_an_entry_that_makes_no_sense_costs_no_other_one_and_stays(store, path):
    path.parent.mkdir()
    strange = {"odd": [1], "bad": {"access_token": {"a": 1}}, "openrouter": {"access_token": CANARY, "later": {"x": 1}}}
    path.write_text(json.dumps(strange))
    assert store.all() == {"openrouter": key()}
    store.put(key("groq"))
    store.put(key(metadata={"model": "m"}))
    kept = json.loads(path.read_text())
    assert kept["odd"] == [1]
    assert kept["bad"] == {"access_token": {"a": 1}}
    assert kept["openrouter"]["later"] == {"x": 1}


@pytest.mark.parametrize("strange", [[1], "text", {"access_token": {"a": 1}}, {"access_token": "k", "expires_at": "x"}])
def test_an_entry_that_makes_no_sense_is_not_lost_by_choosing_it(store, path, strange):
    path.parent.mkdir()
    path.write_text(json.dumps({"groq": strange}))
    with pytest.raises(AuthError, match=r"groq.*makes no sense") as raised:
        store.choose("groq", "m")
    assert "pymolcode-auth login groq" in raised.value.message
    store.choose("openrouter", "m")
    assert json.loads(path.read_text())["groq"] == strange
    store.put(key("groq"))
    assert store.get("groq") == key("groq")


def test_a_refresh_token_that_is_gone_is_not_kept(store, path):
    store.put(key(refresh_token=SecretStr("old-refresh-canary")))
    store.put(key())
    assert "old-refresh-canary" not in path.read_text()


def test_a_link_stays_a_link(store, path, tmp_path):
    real = tmp_path / "elsewhere.json"
    real.write_text("{}")
    path.parent.mkdir()
    path.symlink_to(real)
    store.put(key())
    assert path.is_symlink()
    assert TokenStore(real).get("openrouter") == key()
    assert mode(real) == 0o600


def test_the_newest_choice_counts_and_needs_no_key(store):
    store.put(key())
    store.choose("openrouter", "a/b")
    store.choose("ollama", "qwen3")
    chosen = store.chosen()
    assert (chosen.provider_id, chosen.metadata["model"], chosen.token_type) == ("ollama", "qwen3", "none")
    store.choose("openrouter")
    assert store.chosen().access_token.get_secret_value() == CANARY
    assert "model" not in store.chosen().metadata


def test_what_is_removed_is_gone_and_given_back(store, path):
    store.put(key())
    assert store.remove("openrouter") == key()
    assert store.remove("openrouter") is None
    assert CANARY not in path.read_text()


def test_a_full_disk_is_said_and_the_file_stays_as_it_was(store, path, monkeypatch):
    store.put(key())

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AuthError, match="No space left") as raised:
        store.put(key(secret="another-canary-123"))
    assert "Make room" in raised.value.hint
    assert store.get("openrouter") == key()
    assert [item.name for item in path.parent.iterdir() if item.suffix != ".lock"] == ["auth.json"]


def test_nothing_that_is_shown_of_a_credential_holds_the_secret(store):
    store.put(key(refresh_token=SecretStr("refresh-canary")))
    found = store.get("openrouter")
    assert "canary" not in f"{found!r} {found} {store!r} {store.all()!r}"


class Drawer:
    """A keyring in memory.

    Attributes:
        asked: For whose secrets, in order.
        broken: It answers nobody.
    """

    def __init__(self):
        self.texts, self.asked, self.broken = {}, [], False

    def get(self, provider_id):
        self.asked.append(provider_id)
        if self.broken:
            raise AuthError("The system's keyring cannot be used: Locked.")
        return self.texts.get(provider_id, "")

    def put(self, provider_id, text):
        self.texts[provider_id] = text

    def remove(self, provider_id):
        self.texts.pop(provider_id, None)


def test_with_a_keyring_the_file_holds_no_secret(path):
    drawer = Drawer()
    store = TokenStore(path, vault=drawer)
    store.put(key(refresh_token=SecretStr("refresh-canary-1"), metadata={"account": "ada"}))
    assert "canary" not in path.read_text()
    found = TokenStore(path, vault=drawer).get("openrouter")
    assert found.access_token.get_secret_value() == CANARY
    assert found.refresh_token.get_secret_value() == "refresh-canary-1"
    store.choose("openrouter")
    assert store.get("openrouter").access_token.get_secret_value() == CANARY
    assert store.remove("openrouter").access_token.get_secret_value() == CANARY
    assert drawer.texts == {}


def test_a_keyring_is_asked_only_where_a_secret_is_needed(path):
    drawer = Drawer()
    store = TokenStore(path, vault=drawer)
    store.put(key(refresh_token=SecretStr("refresh-canary-1"), expires_at=1.0))
    drawer.asked.clear()
    store.choose("openrouter", "a/b")
    assert [(item.has_secret, item.can_renew) for item in store.all().values()] == [(True, True)]
    assert store.chosen().has_secret
    assert store.entry("openrouter").has_secret
    assert drawer.asked == []
    assert store.get("openrouter").access_token.get_secret_value() == CANARY
    assert drawer.asked == ["openrouter"]


def test_without_a_key_there_is_no_secret_with_or_without_a_keyring(path):
    for vault in (None, Drawer()):
        store = TokenStore(path, vault=vault)
        store.choose("ollama", "qwen3")
        assert not store.entry("ollama").has_secret
        store.put(key(expires_at=1.0))
        assert not store.entry("openrouter").can_renew


def test_what_a_keyring_holds_is_still_found_where_no_keyring_is_wanted_any_more(path):
    drawer = Drawer()
    TokenStore(path, vault=drawer).put(key())
    again = TokenStore(path, vault=drawer)
    again.put(again.entry("openrouter").model_copy(update={"expires_at": 5.0}))
    assert again.get("openrouter").access_token.get_secret_value() == CANARY
    assert "keyring" not in json.loads(path.read_text())["openrouter"].get("access_token")


def test_an_entry_is_forgotten_though_the_keyring_does_not_answer_and_that_is_said(path):
    drawer = Drawer()
    store = TokenStore(path, vault=drawer)
    store.put(key())
    drawer.broken = True
    with pytest.raises(AuthError, match="was forgotten, but its secret may still be in the keyring"):
        store.remove("openrouter")
    assert store.all() == {}


def test_a_renewed_token_keeps_what_the_user_chose_meanwhile(path):
    for vault in (None, Drawer()):
        store = TokenStore(path, vault=vault)
        store.put(key(metadata={"model": "old", "chosen_at": 1.0, "scope": "a"}))
        before = store.get("openrouter")
        store.choose("openrouter", "new")
        new = before.model_copy(
            update={"access_token": SecretStr("a-new-canary"), "metadata": {**before.metadata, "scope": "b"}}
        )
        assert store.renew(new).access_token.get_secret_value() == "a-new-canary"
        found = store.get("openrouter")
        assert found.access_token.get_secret_value() == "a-new-canary"
        assert (found.metadata["model"], found.metadata["scope"]) == ("new", "b")
        assert found.metadata["chosen_at"] > 1.0


def test_a_keyring_that_is_not_there_is_said_and_nothing_goes_into_the_file_instead(path, monkeypatch):
    from pymolcode_plugin.auth.vault import SystemKeyring

    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(AuthError, match="keyring"):
        TokenStore(path, vault=SystemKeyring()).put(key())
    assert not path.exists()


IDS = st.one_of(
    st.sampled_from(["openrouter", "a/b", "../x", "É", ""]),
    st.text(st.characters(exclude_categories=()), max_size=8),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "choose"]), IDS, st.text(min_size=1, max_size=9)), max_size=8
)


@given(steps=STEPS)
def test_any_sequence_leaves_what_it_says(tmp_path_factory, steps):
    store, expected = TokenStore(tmp_path_factory.mktemp("home") / "auth.json"), {}
    for what, provider, text in steps:
        if what == "put":
            store.put(key(provider, text))
            expected[provider] = text
        elif what == "remove":
            store.remove(provider)
            expected.pop(provider, None)
        else:
            store.choose(provider, text)
            expected.setdefault(provider, "")
    found = {name: item.access_token.get_secret_value() for name, item in store.all().items()}
    assert found == expected
