"""The terminal as the place where somebody signs in: shows addresses and codes, opens a browser where there is one."""

from __future__ import annotations

import asyncio
import getpass
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import TextIO
from urllib.parse import parse_qs, urlsplit

from ..auth.credentials import DeviceCode
from ..auth.providers import Provider
from ..core import tasks
from . import auth_text

# They would take the terminal for themselves, and most of the pages need JavaScript.
_TEXT_BROWSERS = frozenset({"www-browser", "links", "links2", "elinks", "lynx", "w3m", "browsh"})
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")
_REDIRECTS = ("redirect_uri", "callback_url")
_TICK_S = 1.0


class TerminalFront:
    """Implements SignInFront.

    Args:
        provider: Where somebody signs in.
        out: Where it is shown.
        browser: Opens an address; None where there is no browser, or none is wanted.
        why_none: Why there is no browser, a sentence.
        prog: What the user typed, for what to type next.
    """

    def __init__(
        self,
        provider: Provider,
        out: TextIO,
        *,
        browser: Callable[[str], object] | None,
        why_none: str = "",
        prog: str = "pymolcode-auth",
    ) -> None:
        self._provider = provider
        self._out = out
        self._browser = browser
        self._why_none = why_none
        self._prog = prog
        self._live = out.isatty()
        self._countdown: asyncio.Task[None] | None = None

    def open_page(self, url: str) -> None:
        """Implements SignInFront."""
        if self._browser is None:
            self._say(f"{self._why_none} Open this address in a browser:".strip())
            self._say(f"\n  {url}\n", wrap=False)
            for line in self._if_the_browser_is_elsewhere(url):
                self._say(line)
        else:
            self._say(
                f"Opening {urlsplit(url).hostname} in your browser. If nothing opens, open this address yourself:"
            )
            self._say(f"\n  {url}\n", wrap=False)
            # In a thread of its own, which nobody waits for: some browsers stay with whoever opens them.
            threading.Thread(target=self._browser, args=(url,), name="pymolcode-browser", daemon=True).start()
        self._say("Waiting for the browser; Ctrl-C stops.")

    def show_code(self, code: DeviceCode) -> None:
        """Implements SignInFront."""
        left = max(0.0, code.expires_at - time.time())
        self._say("Open this address on any device:")
        self._say(f"\n  {auth_text.plain(code.verification_uri, limit=500)}\n", wrap=False)
        self._say(f"and type this code:\n\n  {auth_text.plain(code.user_code)}\n", wrap=False)
        if code.verification_uri_complete:
            self._say("This address has the code in it already:")
            self._say(f"\n  {auth_text.plain(code.verification_uri_complete, limit=500)}\n", wrap=False)
        self._say(f"It can be used for {auth_text.duration(left)}. Waiting; Ctrl-C stops.")
        if self._live:
            self._countdown = tasks.spawn(self._count_down(code.expires_at), name="auth.countdown")

    def end(self) -> None:
        """The sign-in is over; the line that counts down is taken away."""
        if self._countdown is not None:
            self._countdown.cancel()
            self._countdown = None
            self._out.write("\r" + " " * 24 + "\r")
            self._out.flush()

    async def _count_down(self, expires_at: float) -> None:
        while (left := expires_at - time.time()) > 0:
            self._out.write(f"\r{auth_text.clock(left)} left ")
            self._out.flush()
            await asyncio.sleep(_TICK_S)

    def _if_the_browser_is_elsewhere(self, url: str) -> list[str]:
        port = redirect_port(url)
        if not port:
            return []
        where = f"{_user()}@{socket.gethostname()}"
        lines = [
            f"The browser brings the answer to 127.0.0.1:{port} of this computer. If it runs on another one (you came "
            f"here over SSH), type this there first: ssh -L {port}:127.0.0.1:{port} {where}"
        ]
        if self._provider.oauth and "device" in self._provider.oauth.methods:
            lines.append(f"Or stop, and use a code: {self._prog} login {self._provider.id} --device")
        return lines

    def _say(self, text: str, *, wrap: bool = True) -> None:
        print(auth_text.wrapped(text) if wrap else text, file=self._out, flush=True)


def redirect_port(url: str) -> int:
    """The port of this computer to which the browser comes back; 0 where the address names none."""
    query = parse_qs(urlsplit(url).query)
    back = next((query[name][0] for name in _REDIRECTS if name in query), "")
    try:
        return urlsplit(back).port or 0
    except ValueError:
        return 0


def find_browser(environment: Mapping[str, str] | None = None) -> tuple[Callable[[str], object] | None, str]:
    """What opens an address in a window of this person's, and else why there is nothing."""
    found = os.environ if environment is None else environment
    by_ssh = bool(found.get("SSH_CONNECTION") or found.get("SSH_TTY"))
    if by_ssh and not found.get("BROWSER") and not any(map(found.get, _SCREENS)):
        return None, "You are connected over SSH, so no browser was opened."
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None, "There is no browser here that can be opened."
    name = PurePath(str(getattr(browser, "name", ""))).name
    if name in _TEXT_BROWSERS:
        return None, f"The only browser here is {name}, which runs in the terminal."
    return browser.open, ""


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "USER"


def front_of(provider: Provider, *, as_json: bool, no_browser: bool, prog: str) -> TerminalFront:
    """The terminal; with `as_json` on standard error, because standard output is for the object."""
    browser, why = (None, "") if no_browser else find_browser()
    return TerminalFront(provider, sys.stderr if as_json else sys.stdout, browser=browser, why_none=why, prog=prog)
