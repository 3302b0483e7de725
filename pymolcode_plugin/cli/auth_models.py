"""`pymolcode-auth use`, `models` and `test`."""

from __future__ import annotations

import argparse
import sys

from ..address import runs_elsewhere
from ..auth.providers import Provider
from ..core.errors import AuthError, ConfigError, ModelUnavailable, NotSignedIn, PymolcodeError, Rejected
from ..core.model_info import Capabilities, ModelInfo
from ..llm import catalogue
from ..llm.choice import BUILTIN, Choice, choose, is_path, reached
from ..llm.discover import listed
from ..llm.model_list import default_of
from . import auth_text
from .auth_user import User, as_typed, choice_as_json, current_user, from_now_on, model_named, provider_named

_REFUSED = (401, 403)
_ANSWERED, _DID_NOT, _NOT_ASKED = 0, 1, 2
_MARKS = {"tools": "T", "images": "I", "thinking": "R", "json_schema": "S"}
_LEGEND = "T calls tools (pymolcode needs that)  I sees images  R reasons  S keeps to a JSON schema  ? not known"
_THOUSAND, _MILLION = 1000, 1_000_000


def use(options: argparse.Namespace) -> int:
    """Use this provider or model from now on.

    Raises:
        PymolcodeError: It is unknown, or cannot be used: no sign-in, no key, no address.
    """
    provider, model = model_named(options.model)
    user = current_user()
    if provider.api == BUILTIN:
        _check_builtin(model)
    else:
        reached(user.settings, provider.id, store=user.store)
    user.store.choose(provider.id, model)
    now = from_now_on(user, provider)
    if options.json:
        auth_text.show_json(
            {
                "chosen": as_typed(provider, model),
                "used": now.used,
                "model": choice_as_json(now.model),
                "message": auth_text.plain(now.words, limit=2000),
            }
        )
    else:
        print(auth_text.wrapped(f"Chosen: {auth_text.plain(as_typed(provider, model))}."))
        print(auth_text.wrapped(auth_text.plain(now.words, limit=2000)))
    return 0


def _check_builtin(model: str) -> None:
    if model and not is_path(model):
        catalogue.find(model)


def models(options: argparse.Namespace) -> int:
    """The models that a provider lists.

    Raises:
        PymolcodeError: It has no list, wants a key, or is not reached.
    """
    provider = provider_named(options.provider)
    user = current_user()
    words = options.search.lower().split()
    everything = _listed(user, provider)
    found = [item for item in everything if all(word in f"{item.id} {item.title}".lower() for word in words)]
    default = default_of(tuple(everything))
    if options.json:
        auth_text.show_json([_as_json(item, is_default=item == default) for item in found])
        return 0
    if not found:
        print(auth_text.wrapped(f"None of the {len(everything)} models of {provider.title} has that in its name."))
        return 0
    rows = [
        [auth_text.plain(item.id), _can(item.capabilities), *_prices(item), _size(item.context_window)]
        for item in found
    ]
    print("\n".join(auth_text.table(["MODEL", "CAN", "$/M IN", "$/M OUT", "CONTEXT"], rows)))
    print()
    print(auth_text.wrapped(_LEGEND))
    if default:
        print(auth_text.wrapped(f"Where none is named, {auth_text.plain(default.id)} is used."))
    return 0


def _listed(user: User, provider: Provider) -> list[ModelInfo]:
    where = reached(user.settings, provider.id, store=user.store)
    sign_in = user.sign_in if where.signed_in else None
    found = listed(provider, where.base_url, key=where.key, sign_in=sign_in)
    locked = user.settings.this_machine_only
    return [item for item in found if not (locked and runs_elsewhere(item.id))]


def _as_json(item: ModelInfo, *, is_default: bool) -> dict[str, object]:
    return {**item.model_dump(), "name": item.name, "default": is_default}


def _can(found: Capabilities) -> str:
    """A letter for what it can, a point for what it cannot, a question mark where nobody knows."""
    return "".join({True: mark, False: ".", None: "?"}[getattr(found, name)] for name, mark in _MARKS.items())


def _prices(item: ModelInfo) -> tuple[str, str]:
    if item.price is None:
        return "?", "?"
    return _dollars(item.price.input_usd), _dollars(item.price.output_usd)


def _dollars(price: float) -> str:
    return "free" if not price else f"{price:.2f}" if price >= 0.01 else f"{price:.4f}"


def _size(n_tokens: int | None) -> str:
    if n_tokens is None:
        return "?"
    if n_tokens >= _MILLION:
        return f"{n_tokens / _MILLION:.3g}M"
    return f"{n_tokens / _THOUSAND:.3g}k" if n_tokens >= _THOUSAND else str(n_tokens)


def test(options: argparse.Namespace) -> int:
    """One real request: 0 it answered, 1 it did not, 2 nothing was asked."""
    user = current_user()
    provider: Provider | None = None
    try:
        provider = model_named(options.model)[0] if options.model else None
        if provider is not None:
            reached(user.settings, provider.id, store=user.store)
    except (ConfigError, NotSignedIn, ModelUnavailable) as error:
        return _told(options, {"error": error.message}, _NOT_ASKED)
    try:
        choice = choose(user.settings, session_model=_session_model(options.model))
        if not options.json:
            print(auth_text.wrapped(f"Asking {auth_text.plain(choice.full_name)} ..."), flush=True)
        answer = probed(user, choice)
    except PymolcodeError as error:
        return _told(options, {"error": f"{error.message} {_again(error, provider)}".strip()}, _DID_NOT)
    return _told(options, {"model": choice.full_name, "why": choice.why, **answer}, _ANSWERED)


def _again(error: PymolcodeError, provider: Provider | None) -> str:
    """How to sign in anew where that is what is wrong."""
    refused = isinstance(error, AuthError) or (isinstance(error, Rejected) and error.status in _REFUSED)
    if provider is None or not refused or "pymolcode-auth login" in error.message:
        return ""
    return f"`pymolcode-auth login {provider.id}` signs in anew."


def _session_model(typed: str) -> str:
    return as_typed(*model_named(typed)) if typed else ""


def probed(user: User, choice: Choice) -> dict[str, object]:
    """One real request to a model, as small as its API allows: seconds, tokens, and what it said.

    Raises:
        PymolcodeError: It did not answer.
    """
    from ..agent.approvals import Policy, Rules
    from ..agent.outgoing import Outgoing
    from ..auth.own_loop import stoppable
    from ..config import paths
    from ..llm.probe import probe

    wire = Outgoing(Policy(Rules(paths.rules_file())))
    wire.begin_with(user.settings)
    wire.model_is(choice.base_url, choice.name)
    found = stoppable(probe(choice, user.sign_in, wire))
    return {
        "seconds": round(found.seconds, 2),
        "n_input_tokens": found.n_input_tokens,
        "n_output_tokens": found.n_output_tokens,
        "text": auth_text.plain(found.text),
    }


def _told(options: argparse.Namespace, report: dict[str, object], code: int) -> int:
    report = {
        name: auth_text.plain(value, limit=2000) if isinstance(value, str) else value for name, value in report.items()
    }
    if options.json:
        auth_text.show_json(report)
    elif code != _ANSWERED:
        print(f"{options.prog}: {report['error']}", file=sys.stderr)
    else:
        said = f", and said: {report['text']}" if report["text"] else ", with no word (its one token was not text)"
        tokens = f"{report['n_input_tokens']} tokens in, {report['n_output_tokens']} out"
        print(auth_text.wrapped(f"It works: {report['model']} answered in {report['seconds']} s ({tokens}){said}"))
    return code
