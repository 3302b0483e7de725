"""`pymolcode-auth login`."""

from __future__ import annotations

import argparse
import sys
import time

from pydantic import SecretStr

from ..address import on_this_machine, shown
from ..auth.credentials import SignedIn
from ..auth.own_loop import stoppable
from ..auth.providers import Method, Provider
from ..core.errors import ConfigError, SignInFailed
from ..llm.choice import BUILTIN
from ..llm.standing import missing_client
from . import auth_asking, auth_front, auth_text
from .auth_user import User, choice_as_json, current_user, from_now_on, provider_named

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
    base_url = auth_asking.base_url(user, provider, options)
    key = auth_asking.key(user, provider, options) if method == "key" else None
    try:
        done = stoppable(_sign_in(user, provider, method, key, base_url, options))
    except KeyboardInterrupt:
        raise KeyboardInterrupt("Stopped; nothing was stored.") from None
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
    before = user.store.entry(provider.id)
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
    return "key" if missing_client(user.settings, provider) else provider.methods[0]


def _show_signed_in(user: User, provider: Provider, done: SignedIn, base_url: str, *, as_json: bool) -> None:
    if not as_json:
        _show_kept(user, provider, done, base_url)
    now = from_now_on(user, provider)
    if not as_json:
        auth_text.say("Model", auth_text.plain(now.words, limit=1000))
        return
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
            "message": auth_text.plain(now.words, limit=2000),
        }
    )


def _show_kept(user: User, provider: Provider, done: SignedIn, base_url: str) -> None:
    who = f" as {auth_text.plain(done.account)}" if done.account else ""
    what = f"Signed in to {provider.title}{who}"
    if done.method == "key":
        what = f"The key of {provider.title} is stored" if provider.needs_key else f"{provider.title} is chosen"
    print(auth_text.wrapped(f"{what}{_until(done.expires_at)}."))
    auth_text.say("Kept in", user.store.keeps_in)
    if base_url:
        unsafe = "" if base_url.startswith("https") or on_this_machine(base_url) else " (not encrypted)"
        auth_text.say("Address", f"{shown(base_url)}{unsafe}")
    if done.note:
        auth_text.say("Note", done.note)
    sys.stdout.flush()  # the provider's list of models may take a while


def _until(expires_at: float | None) -> str:
    return f", for {auth_text.duration(expires_at - time.time())}" if expires_at else ""
