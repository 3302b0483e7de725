"""What the commands of `pymolcode-auth` start from: the user's settings, store and sign-in service."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from ..address import shown
from ..auth import providers
from ..auth.providers import Method, Provider
from ..auth.sign_in import SignIn
from ..auth.store import TokenStore
from ..config import settings
from ..config.settings import Settings
from ..core.errors import ConfigError, PymolcodeError
from ..llm.choice import BUILTIN, Choice, choose, looked_at
from ..llm.reach import Layer
from . import auth_text
from .auth_arguments import MAX_NAME, suggestion


@dataclass(frozen=True)
class User:
    """The user's own.

    Attributes:
        settings: As read.
        store: Where sign-ins are kept.
    """

    settings: Settings
    store: TokenStore

    @functools.cached_property
    def sign_in(self) -> SignIn:
        """The service.

        Raises:
            ConfigError: `auth:` of config.yaml makes no sense.
        """
        return SignIn.from_settings(self.settings)


def current_user() -> User:
    """Reads the settings.

    Raises:
        ConfigError: They cannot be read.
    """
    read = settings.load()
    return User(read, TokenStore.users_own(keyring=read.keyring))


def provider_named(text: str) -> Provider:
    """The provider of that id, alias or title; upper and lower case are the same.

    Raises:
        ConfigError: There is none; says which one may be meant. What was typed is not repeated where it is long.
    """
    names = {name.lower(): entry for entry in providers.providers() for name in (entry.id, *entry.aliases, entry.title)}
    found = names.get(text.strip().lower())
    if found is not None:
        return found
    near = suggestion(text, list(names)) if len(text) <= MAX_NAME else ""
    what = f"The provider `{auth_text.plain(text)}` is unknown." if len(text) <= MAX_NAME else "That is no provider."
    meant = f"Did you mean `{names[near].id}`? " if near else ""
    raise ConfigError(what, hint=f"{meant}`pymolcode-auth list` shows all.")


def model_named(text: str) -> tuple[Provider, str]:
    """Provider and model of `PROVIDER[:MODEL]`; raises as `provider_named` does."""
    name, _, model = text.partition(":")
    return provider_named(name), model.strip()


def as_typed(provider: Provider, model: str) -> str:
    """`PROVIDER[:MODEL]`."""
    return f"{provider.id}:{model}" if model else provider.id


def overruled_by(read: Settings) -> tuple[str, ...]:
    """What goes before any sign-in, with the setting's value: `PYMOLCODE_MODEL (openai:gpt)`."""
    found = [f"{source} ({model})" for source, model in read.named.items()][:1]
    others = {name: getattr(read, name) for name in ("base_url", "weights", "builtin_model")}
    for name, value in others.items():
        if value:
            source = read.sources.get(name, name)
            where = source if read.of_environment(name) else f"{name} of {source}"
            found.append(f"{where} ({shown(value) if name == 'base_url' else value})")
    return tuple(found)


@dataclass(frozen=True)
class FromNowOn:
    """Which model is used now.

    Attributes:
        model: None where it cannot be told.
        used: The sign-in decided, or what decided names the same provider.
        words: For people, sentences.
    """

    model: Choice | None
    used: bool
    words: str


def from_now_on(user: User, provider: Provider) -> FromNowOn:
    """What a sign-in or a choice came to; never fails, and is not stopped: the sign-in itself is done."""
    try:
        choice = choose(user.settings)
    except KeyboardInterrupt:
        return FromNowOn(None, True, "Stopped before the model was known; what was done is kept.")
    except PymolcodeError as error:
        before = overruled_by(user.settings)
        if not before:
            return FromNowOn(None, True, f"Used from now on, but the model is not known yet: {error.message}")
        return FromNowOn(None, False, f"Not used: {' and '.join(before)} goes before it. {error.message}")
    winner = next((item.layer for item in choice.considered if item.used), "")
    if winner == Layer.SIGN_IN.value:
        return FromNowOn(choice, True, f"Used from now on, with the model {auth_text.plain(choice.name)}.")
    decided = " and ".join(overruled_by(user.settings))
    if not decided:  # e.g. the lock, which lets only what runs here be used
        why = next((item.found for item in choice.considered if item.layer == Layer.SIGN_IN.value), "")
        return FromNowOn(choice, False, f"Not used now: {why}. {auth_text.plain(choice.full_name)} is used instead.")
    words = f"{decided} goes before it: {auth_text.plain(choice.full_name)} is used."
    if choice.provider == provider.id:
        return FromNowOn(choice, True, words)
    return FromNowOn(choice, False, f"Not used yet: {words} Take that away to use {provider.title}.")


def considered(user: User, choice: Choice | None) -> list[dict[str, object]]:
    """Every layer, as JSON."""
    looked = choice.considered if choice else looked_at(user.settings)
    return [{"layer": item.layer, "found": item.found, "used": item.used} for item in looked]


def choice_as_json(choice: Choice | None) -> dict[str, object] | None:
    """Without the key."""
    if choice is None:
        return None
    return {
        "name": choice.full_name,
        "provider": choice.provider,
        "model": choice.name,
        "title": choice.title,
        "address": shown(choice.base_url) if choice.api != BUILTIN else "",
        "signed_in": choice.signed_in,
        "why": choice.why,
    }


def ways(provider: Provider) -> dict[Method, str]:
    """Ways to sign in, and what each is called."""
    words: dict[Method, str] = {"browser": "browser", "device": "code", "key": "key"}
    return {method: words[method] for method in provider.methods}
