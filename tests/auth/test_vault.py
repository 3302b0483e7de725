"""The system's keyring: it may ask somebody for a password, hang, or have errors of its own."""

import subprocess
import sys
import threading
import types

import pytest

from pymolcode_plugin.auth import vault
from pymolcode_plugin.auth.vault import SystemKeyring
from pymolcode_plugin.core.errors import AuthError

from ..pymol_process import ROOT

pytestmark = pytest.mark.conformance


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory in place of the system's."""
    kept = {}
    module = types.ModuleType("keyring")
    module.get_password = lambda service, name: kept.get((service, name))
    module.set_password = lambda service, name, text: kept.update({(service, name): text})
    module.delete_password = lambda service, name: kept.pop((service, name))
    module.kept = kept
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


def test_what_is_put_is_had_again_and_can_be_forgotten(keyring):
    SystemKeyring().put("groq", "canary")
    assert keyring.kept == {("pymolcode", "groq"): "canary"}
    assert SystemKeyring().get("groq") == "canary"
    SystemKeyring().remove("groq")
    SystemKeyring().remove("groq")
    assert SystemKeyring().get("groq") == ""


def test_a_keyring_that_hangs_is_given_up_and_that_is_said(keyring, monkeypatch):
    answered = threading.Event()
    keyring.get_password = lambda *_who: answered.wait(30)
    monkeypatch.setattr(vault, "_LIMIT_S", 0.05)
    with pytest.raises(AuthError, match="did not answer within") as raised:
        SystemKeyring().get("groq")
    assert "Unlock it" in raised.value.message
    assert "keyring: false" in raised.value.message
    answered.set()


def test_an_error_of_the_keyring_is_said_without_its_text(keyring):
    def locked(*_who):
        raise RuntimeError("canary")

    keyring.set_password = locked
    with pytest.raises(AuthError, match="RuntimeError") as raised:
        SystemKeyring().put("groq", "canary")
    assert "canary" not in raised.value.message


HANGS = """
import sys, threading, types
keyring = types.ModuleType("keyring")
keyring.get_password = lambda *who: threading.Event().wait()
sys.modules["keyring"] = keyring
from pymolcode_plugin.auth import vault
from pymolcode_plugin.core.errors import AuthError
vault._LIMIT_S = 0.05
try:
    vault.SystemKeyring().get("groq")
except AuthError as error:
    print(error.message)
"""


def test_a_keyring_that_hangs_keeps_no_process_from_ending():
    done = subprocess.run(
        [sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=30, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "did not answer" in done.stdout
