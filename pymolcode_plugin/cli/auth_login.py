"""`pymolcode-auth login` and `logout`."""

from __future__ import annotations

import argparse
import getpass
import sys
import time

from pydantic import SecretStr

from ..auth.credentials import SignedIn, SignedOut
from ..auth.providers import Method, Provider
from ..core.errors import ConfigError, PymolcodeError, SignInFailed
from ..llm.address import host_of, on_this_machine, shown
from ..llm.choice import BUILTIN, reached
from ..llm.reach import id_of
from . import auth_front, auth_text
from .auth_stopping import stoppable
from .auth_user import User, choice_as_json, current_user, from_now_on, provider_named

_MAX_KEY_BYTES = 64 * 1024
# What a person is told once, before the browser opens the first time.
_PLAN_NOTICE = (
    "This uses your ChatGPT plan: what you ask in PyMOL counts against its limits, and OpenAI registers this program "
    "for your account. It is a preview of OpenAI's and may change or stop; a key of platform.openai.com works as well "
    "(--api-key -)."
)


def login(options: argparse.Namespace) -> int:
    """Sign in, or store a key, and say what that came to.

    Raises:
        PymolcodeError: It did not work; nothing was stored.
    """
    provider = provider_named(options.provider)
    user = current_user()
    if provider.api == BUILTIN:
        raise ConfigError("The built-in model needs no sign-in.", hint="`pymolcode-auth use builtin` chooses it.")
    method = _method(user, provider, options)
    base_url = _base_url(user, provider, options)
    key = _key(user, provider, options) if method == "key" else None
    done = stoppable(_sign_in(user, provider, method, key, base_url, options))
    _show_signed_in(user, provider, done, base_url, as_json=options.json)
    return 0


async def _sign_in(
    user: User, provider: Provider, method: Method, key: SecretStr | None, base_url: str, options: argparse.Namespace
) -> SignedIn:
    if method == "key":
        return await user.sign_in.sign_in(provider.id, method, key=key, base_url=base_url)
    if provider.oauth and provider.oauth.kind == "chatgpt" and not _was_in_browser(user, provider):
        print(auth_text.wrapped(_PLAN_NOTICE), file=sys.stderr if options.json else sys.stdout)
    front = auth_front.front_of(provider, as_json=options.json, no_browser=options.no_browser, prog=options.prog)
    try:
        return await user.sign_in.sign_in(provider.id, method, front, base_url=base_url)
    finally:
        front.end()


def _was_in_browser(user: User, provider: Provider) -> bool:
    before = user.store.get(provider.id)
    return before is not None and before.metadata.get("method") == "browser"


def _method(user: User, provider: Provider, options: argparse.Namespace) -> Method:
    """What was asked for, else the usual way that can be gone.

    Raises:
        SignInFailed: The provider has no such way.
    """
    asked: Method | None = "key" if options.api_key else "device" if options.device else None
    if options.browser or options.no_browser:
        asked = "browser"
    if asked is not None:
        if asked not in provider.methods:
            known = " or ".join(
                {"key": "--api-key -", "device": "--device", "browser": "--browser"}[way] for way in provider.methods
            )
            raise SignInFailed(f"{provider.title} has no sign-in by {asked}.", hint=f"Use {known}.")
        return asked
    if user.has_client(provider):
        return provider.methods[0]
    return "key"


def _base_url(user: User, provider: Provider, options: argparse.Namespace) -> str:
    """The address to keep with the sign-in; asked for on a terminal where it is not known.

    Raises:
        ConfigError: It is no address, or is missing.
    """
    given = str(options.base_url).strip()
    if not given and not provider.base_url:
        try:
            reached(user.settings, provider.id, store=user.store)
        except ConfigError as error:
            if not _asks(options):
                raise ConfigError(str(error.args[0]), hint=f"Add --base-url URL. {error.hint}") from None
            given = _asked(f"Address of {provider.title} (https://…): ", options).strip()
        except PymolcodeError:
            return ""  # known; what is missing is the key
    if given and (not host_of(given) or "@" in given or "?" in given):
        raise ConfigError(
            "The base URL is no web address, or has a name, a password or a query in it.",
            hint="It begins with https://, or http:// for a server on this machine.",
        )
    return given


def _key(user: User, provider: Provider, options: argparse.Namespace) -> SecretStr | None:
    """Read from a pipe where that was asked for, else typed.

    Raises:
        SignInFailed: There is none, or nobody to ask.
    """
    if options.api_key and not (sys.stdin and sys.stdin.isatty()):
        return _piped()
    if provider.local and not options.api_key:
        return None
    if not _asks(options):
        raise SignInFailed(
            f"There is no terminal to ask for the key of {provider.title}.",
            hint=f"Pipe it in: `pymolcode-auth login {provider.id} --api-key - < FILE`.",
        )
    return _typed(user, provider, options)


def _piped() -> SecretStr:
    if not sys.stdin:
        raise SignInFailed("There is no standard input to read a key from.")
    line = sys.stdin.buffer.readline(_MAX_KEY_BYTES)
    try:
        return SecretStr(line.decode("utf-8-sig").strip())
    except UnicodeDecodeError:
        raise SignInFailed("What came through standard input is no text.", hint="Is it the right file?") from None


def _typed(user: User, provider: Provider, options: argparse.Namespace) -> SecretStr:
    out = sys.stderr if options.json else sys.stdout
    if provider.oauth and not options.api_key and not user.has_client(provider):
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


def _asks(options: argparse.Namespace) -> bool:
    """Whether somebody sits at a terminal."""
    out = sys.stderr if options.json else sys.stdout
    return bool(sys.stdin and sys.stdin.isatty() and out.isatty())


def _asked(question: str, options: argparse.Namespace) -> str:
    print(question, end="", file=sys.stderr if options.json else sys.stdout, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    return answer


def _show_signed_in(user: User, provider: Provider, done: SignedIn, base_url: str, *, as_json: bool) -> None:
    now = from_now_on(user, provider)
    if as_json:
        auth_text.show_json(
            {
                "provider": done.provider_id,
                "method": done.method,
                "account": auth_text.plain(done.account),
                "expires_at": done.expires_at,
                "kept_in": user.store.keeps_in,
                "base_url": shown(base_url) if base_url else "",
                "note": done.note,
                "used": now.used,
                "model": choice_as_json(now.model),
                "message": now.words,
            }
        )
        return
    who = f" as {auth_text.plain(done.account)}" if done.account else ""
    what = f"Signed in to {provider.title}{who}"
    if done.method == "key":
        what = f"The key of {provider.title} is stored" if provider.needs_key else f"{provider.title} is chosen"
    print(auth_text.wrapped(f"{what}{_until(done.expires_at)}."))
    auth_text.say("Kept in", user.store.keeps_in)
    if base_url:
        unsafe = "" if base_url.startswith("https") or on_this_machine(base_url) else " (not encrypted)"
        auth_text.say("Address", f"{shown(base_url)}{unsafe}")
    auth_text.say("Model", auth_text.plain(now.words, limit=1000))
    if done.note:
        auth_text.say("Note", done.note)


def _until(expires_at: float | None) -> str:
    return f", for {auth_text.duration(expires_at - time.time())}" if expires_at else ""


def logout(options: argparse.Namespace) -> int:
    """Forget and revoke one sign-in, or all; each that cannot be revoked says so.

    Raises:
        PymolcodeError: The store cannot be written.
    """
    user = current_user()
    ended: list[SignedOut] = []
    for name in sorted(user.store.all()) if options.all else [provider_named(options.provider).id]:
        ended.append(stoppable(_sign_out(user, name)))
    if options.json:
        found = [
            {"provider": one.provider_id, "revoked": one.revoked, "note": auth_text.plain(one.note)} for one in ended
        ]
        auth_text.show_json(found if options.all else found[0])
        return 0
    for one in ended:
        print(auth_text.wrapped(_signed_out(user, one)))
    if not ended:
        print("Nobody was signed in.")
    return 0


async def _sign_out(user: User, name: str) -> SignedOut:
    if id_of(name):
        return await user.sign_in.sign_out(name)
    user.store.remove(name)  # of another version of this program; nobody knows where it could be revoked
    return SignedOut(provider_id=name, revoked=None, note=f"{auth_text.plain(name)} was forgotten here.")


def _signed_out(user: User, one: SignedOut) -> str:
    if not id_of(one.provider_id):
        return one.note
    provider = provider_named(one.provider_id)
    variable = user.key_variable(provider)
    left = f" {variable} is still set, and is used where nothing else is." if variable else ""
    if one.revoked:
        return f"Signed out of {provider.title}; the sign-in was revoked.{left}"
    return f"{one.note or f'Signed out of {provider.title}; what was stored is forgotten.'}{left}"
