"""Which browser is used, and which port the answer comes to."""

import stat
import sys

import pytest

from pymolcode_plugin.cli.auth_front import find_browser, redirect_port


def _fresh(monkeypatch, **env):
    """What `webbrowser` finds in this environment; it looks once in a process."""
    import webbrowser

    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})
    return find_browser()


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder of programs, which is all of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def add(name):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return add


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a browser")


def test_over_ssh_without_a_screen_nothing_is_opened(programs, monkeypatch):
    programs("firefox")
    browser, why = _fresh(monkeypatch, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    assert browser is None
    assert "SSH" in why
    browser, why = _fresh(monkeypatch, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22", DISPLAY=":10")
    assert browser is not None, "a forwarded screen is a screen"


def test_a_browser_that_was_named_counts_over_ssh_as_well(programs, monkeypatch):
    named = programs("helper")
    browser, why = _fresh(monkeypatch, SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22", BROWSER=named)
    assert browser is not None
    assert why == ""


def test_a_browser_in_the_terminal_is_none(programs, monkeypatch):
    programs("lynx")
    browser, why = _fresh(monkeypatch, TERM="xterm")
    assert browser is None
    assert why == "The only browser here is lynx, which runs in the terminal."


def test_where_there_is_no_browser_that_is_said(programs, monkeypatch):
    browser, why = _fresh(monkeypatch)
    assert browser is None
    assert why == "There is no browser here that can be opened."


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("https://a/auth?redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Fcallback&state=x", 4711),
        ("https://a/auth?callback_url=http%3A%2F%2F127.0.0.1%3A4712%2Fcb", 4712),
        ("https://a/auth?redirect_uri=http%3A%2F%2F127.0.0.1%3Anonsense%2F", 0),
        ("https://a/auth", 0),
    ],
)
def test_the_port_of_the_answer_is_read_from_the_address(url, port):
    assert redirect_port(url) == port
