"""What `pymolcode-auth login` has to be told: a key, an address; from a pipe or by somebody at a terminal."""

from __future__ import annotations

import argparse
import getpass
import sys
from urllib.parse import urlsplit

from pydantic import SecretStr

from ..address import host_of
from ..auth.providers import Provider
from ..core.errors import ConfigError, PymolcodeError, SignInFailed
from ..llm.choice import reached
from ..llm.standing import missing_client
from . import auth_text
from .auth_user import User

_MAX_KEY_BYTES = 64 * 1024


def base_url(user: User, provider: Provider, options: argparse.Namespace) -> str:
    """The address to keep with the sign-in; asked for on a terminal where it is not known.

    Raises:
        ConfigError: It is no address, or is missing.
    """
    given = str(options.base_url).strip()
    if not given and not provider.base_url:
        try:
            reached(user.settings, provider.id, store=user.store)
        except ConfigError as error:
            if not is_terminal(options):
                raise ConfigError(str(error.args[0]), hint=f"Add --base-url URL. {error.hint}") from None
            given = _line(f"Address of {provider.title}, https://...: ", options).strip()
            if not given:
                raise
        except PymolcodeError:
            return ""  # known; what is missing is the key
    parts = urlsplit(given)
    if given and (not host_of(given) or parts.username or parts.password or parts.query or parts.fragment):
        raise ConfigError(
            "The base URL is no web address, or has a name, a password or a query in it.",
            hint="It begins with https://, or http:// for a server on this machine.",
        )
    return given


def key(user: User, provider: Provider, options: argparse.Namespace) -> SecretStr | None:
    """Read from a pipe where that was asked for, else typed.

    Raises:
        SignInFailed: There is none, or nobody to ask.
    """
    if options.api_key and not (sys.stdin and sys.stdin.isatty()):
        return _piped()
    if provider.local and not options.api_key:
        return None
    if not is_terminal(options):
        raise SignInFailed(
            f"There is no terminal to ask for the key of {provider.title}.",
            hint=f"Pipe it in: `pymolcode-auth login {provider.id} --api-key - < FILE`.",
        )
    return _typed(user, provider, options)


def _piped() -> SecretStr:
    if not sys.stdin:
        raise SignInFailed("There is no standard input to read a key from.")
    line = sys.stdin.buffer.readline(_MAX_KEY_BYTES)
    if len(line) == _MAX_KEY_BYTES:
        raise SignInFailed("What came through standard input is too long for a key.", hint="Is it the right file?")
    try:
        return SecretStr(line.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        raise SignInFailed("What came through standard input is no text.", hint="Is it the right file?") from None


def _typed(user: User, provider: Provider, options: argparse.Namespace) -> SecretStr:
    out = sys.stderr if options.json else sys.stdout
    if provider.oauth and not options.api_key and missing_client(user.settings, provider):
        words = f"Signing in without a key needs a client id of your own. {provider.oauth.bring_client}"
        print(auth_text.wrapped(words), file=out)
    if provider.key_page:
        print(auth_text.wrapped(f"Keys of {provider.title} are had at {provider.key_page}"), file=out)
    empty = "" if provider.needs_key else ", empty if it needs none"
    print(auth_text.wrapped(f"The key is not shown while you type or paste it{empty}."), file=out, flush=True)
    try:
        return SecretStr(getpass.getpass(f"Key of {provider.title}: ", stream=out))
    except EOFError:
        raise KeyboardInterrupt from None


def is_terminal(options: argparse.Namespace) -> bool:
    """Whether somebody sits at a terminal."""
    out = sys.stderr if options.json else sys.stdout
    return bool(sys.stdin and sys.stdin.isatty() and out.isatty())


def _line(question: str, options: argparse.Namespace) -> str:
    print(question, end="", file=sys.stderr if options.json else sys.stdout, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    return answer
