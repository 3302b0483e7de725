"""At a real terminal: keys are not echoed, addresses are asked for, codes count down, lines are as wide as it."""

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

from ..scripted_model import ScriptedModel
from .auth_command import KEY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are a thing of Unix")
_LIMIT_S = 30


class Terminal:
    """A command in a terminal of its own."""

    def __init__(self, auth, *arguments, columns=80, **env):
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {name: value for name, value in auth.environment(**env).items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, *auth.module, *arguments],
            env={**kept, "TERM": "xterm"}, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def until(self, words):
        """Read until that was shown."""
        end = time.monotonic() + _LIMIT_S
        while words not in self.text:
            assert self._read(end), f"{words!r} never came: {self.text!r}"

    def type(self, text):
        os.write(self._ours, text.encode())

    def wait(self):
        """Its exit code."""
        end = time.monotonic() + _LIMIT_S
        while self._read(end):
            pass
        return self.process.wait(_LIMIT_S)

    def close(self):
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def _read(self, end):
        if not select.select([self._ours], [], [], max(0.0, end - time.monotonic()))[0]:
            return False
        try:
            got = os.read(self._ours, 65536)
        except OSError:  # Linux tells the end of a pseudo-terminal so
            return False
        self.text += got.decode(errors="replace")
        return bool(got)


@pytest.fixture
def terminal(auth):
    opened = []

    def open_one(*arguments, **options):
        opened.append(Terminal(auth, *arguments, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
        auth.said.append(one.text)


@pytest.mark.parametrize("given", [[], ["--api-key", "-"], ["--api-key"]])
def test_a_key_is_asked_for_and_not_shown(auth, terminal, given):
    window = terminal("login", "anthropic", *given)
    window.until("Key of Anthropic: ")
    assert "https://platform.claude.com/settings/keys" in window.text
    window.type(f"{KEY}\n")
    assert window.wait() == 0, window.text
    assert auth.stored["anthropic"]["access_token"] == KEY


def test_ctrl_c_while_a_key_is_typed_stores_nothing(auth, terminal):
    window = terminal("login", "anthropic")
    window.until("Key of Anthropic: ")
    window.type(f"{KEY}\x03")
    assert window.wait() == 130
    assert "Stopped" in window.text
    assert auth.stored == {}


def test_the_address_is_asked_for_where_it_is_not_known(auth, terminal):
    with ScriptedModel("yes") as server:
        window = terminal("login", "custom")
        window.until("Address of OpenAI-compatible server, https://...: ")
        window.type(f"{server.base_url}\n")
        window.until("Key of OpenAI-compatible server: ")
        assert "empty if it needs none" in window.text
        window.type("\n")
        assert window.wait() == 0, window.text
        assert auth.stored["custom"]["metadata"]["base_url"] == server.base_url
        again = terminal("login", "custom")
        again.until("Key of OpenAI-compatible server: ")
        assert "Address of" not in again.text, "it is known now"


def test_no_address_is_no_sign_in(auth, terminal):
    window = terminal("login", "azure")
    window.until("Address of Azure OpenAI, https://...: ")
    window.type("\n")
    assert window.wait() == 1
    assert "The address of Azure OpenAI is not known" in window.text
    assert auth.stored == {}


def test_a_provider_whose_browser_sign_in_needs_a_client_asks_for_the_key_and_says_so(terminal):
    window = terminal("login", "google")
    window.until("Key of Google Gemini: ")
    assert "needs a client id of your own" in window.text
    window.type("\x03")
    assert window.wait() == 130


def test_a_code_counts_down_and_ctrl_c_stops_it(auth, terminal, oauth):
    auth.configure(f"auth: {{custom: {{issuer: '{oauth.issuer}', client_id: public, scopes: [openid]}}}}\n")
    window = terminal("login", "custom", "--device", "--base-url", "http://127.0.0.1:9/v1")
    window.until("\r0:58 left")
    window.type("\x03")
    assert window.wait() == 130
    assert window.text.rstrip().endswith("Stopped; nothing was stored.")
    assert "\x1b" not in window.text
    assert auth.stored == {}


def test_lines_are_as_wide_as_the_terminal(terminal):
    window = terminal("list", columns=50)
    assert window.wait() == 0
    lines = window.text.replace("\r", "").split("\n")
    assert max(map(len, lines)) < 50
    assert "anthropic" in lines
    assert "  sign in by  key" in lines
    wide = terminal("list", columns=120)
    assert wide.wait() == 0
    assert "anthropic       Anthropic                 key" in wide.text
