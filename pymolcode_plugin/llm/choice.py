"""Which model to use, and why.

Seven layers, the first that names a model decides: this chat, the `PYMOLCODE_*` environment, the configuration, the
sign-in that the user chose, the variables that providers themselves read, a server that runs on this machine, and the
built-in model. So a key that happens to be in the environment never beats what somebody did on purpose.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..address import host_of, on_this_machine, runs_elsewhere
from ..auth import providers
from ..auth.store import TokenStore
from ..config.settings import Settings
from ..core.errors import AuthError, ConfigError, ProviderError, PymolcodeError
from .chosen import BUILTIN, Choice, Considered, is_path, local_file
from .discover import LocalServer, local_addresses, running
from .named import BUILTIN_HINT, Locked, builtin, check_lock, locked_out, named
from .reach import CUSTOM, Known, Layer, Reach, check_key, id_of, known_of, reach

__all__ = [
    "BUILTIN",
    "BUILTIN_HINT",
    "Choice",
    "Considered",
    "choose",
    "explained",
    "explained_layers",
    "fallbacks",
    "is_path",
    "local_file",
    "locked_out",
    "looked_at",
    "reached",
]

FindServers = Callable[[], tuple[LocalServer, ...]]


class _Passed(Exception):
    """This layer names nothing that can be used; says why."""


@dataclass(frozen=True)
class _Look:
    """What is in a layer, and how a choice is made of it; None where there is nothing."""

    layer: Layer
    found: str = ""
    make: Callable[[], Choice] | None = None


def choose(
    settings: Settings,
    find_servers: FindServers | None = None,
    *,
    store: TokenStore | None = None,
    session_model: str = "",
    environment: Mapping[str, str] | None = None,
) -> Choice:
    """Decide; blocking (it may ask providers and servers for their models), so run it in a worker thread.

    With `this_machine_only` nothing elsewhere is asked, nor chosen.

    Args:
        settings: As read.
        find_servers: Finds model servers on this machine; those at their usual ports by default.
        store: Where sign-ins are; the user's own by default.
        session_model: `PROVIDER:MODEL` that was picked in this chat.
        environment: In place of what the settings were read from.

    Raises:
        ConfigError: A layer names a provider that is unknown or incomplete.
        NotSignedIn: The provider that is named wants a key, and there is none.
        ProviderError: It lists no model, or is elsewhere where the lock forbids that.
    """
    known = _known(settings, find_servers, store, environment)
    choice: Choice | None = None
    considered: list[Considered] = []
    passed: list[str] = []
    for look in _looks(known, session_model):
        found = look.found
        used = False
        if choice is None and look.make is not None:
            try:
                choice = look.make()
                used = True
            except _Passed as reason:
                passed += [str(reason)] if found else []
                found = ": ".join(filter(None, (found, str(reason))))
        considered.append(Considered(layer=look.layer.value, found=found, used=used))
    assert choice is not None  # noqa: S101  # the last layer always has one
    if choice.api == BUILTIN and considered[-1].used and passed:
        choice = choice.model_copy(update={"why": f"{choice.why} ({'; '.join(passed)})"})
    return choice.model_copy(update={"considered": tuple(considered)})


def looked_at(
    settings: Settings,
    *,
    store: TokenStore | None = None,
    session_model: str = "",
    environment: Mapping[str, str] | None = None,
) -> tuple[Considered, ...]:
    """Every layer with what it holds, without deciding or asking anybody: for where `choose` ends with an error."""
    known = _known(settings, tuple, store, environment)
    return tuple(Considered(layer=look.layer.value, found=look.found) for look in _looks(known, session_model))


def reached(settings: Settings, name: str, *, store: TokenStore | None = None) -> Reach:
    """How the provider of that name is reached when somebody picks it; asks nobody.

    Raises:
        ConfigError: It is unknown, or its address is.
        NotSignedIn: It wants a key, and there is none.
        ModelUnavailable: The lock forbids it.
    """
    provider = providers.find(name)
    if provider.api == BUILTIN:
        return Reach(provider=provider, base_url="")
    found = reach(_known(settings, tuple, store, None), name, Layer.CHAT)
    check_lock(settings, found.base_url)
    check_key(found)
    return found


def fallbacks(
    settings: Settings,
    find_servers: FindServers | None = None,
    *,
    store: TokenStore | None = None,
    environment: Mapping[str, str] | None = None,
    skipped: Callable[[str], None] = lambda _why: None,
) -> tuple[Choice, ...]:
    """The models of `settings.fallback` that can be used, in order; blocking.

    Args:
        settings: As read.
        find_servers: As for `choose`.
        store: As for `choose`.
        environment: As for `choose`.
        skipped: Told of each that cannot be used, and why.
    """
    known = _known(settings, find_servers, store, environment)
    choices = []
    for name in settings.fallback:
        try:
            choices.append(named(known, name, Layer.CONFIGURATION, "a fallback"))
        except PymolcodeError as error:
            skipped(f"{name} cannot be used as a fallback: {error.message}")
    return tuple(choices)


def explained(choice: Choice) -> tuple[str, ...]:
    """Which model, why, and every place that was looked at, as lines for a terminal."""
    provider = "" if choice.api == BUILTIN else f" ({providers.find(choice.provider).title})"
    return (f"Model    {choice.title}{provider}", f"Because  {choice.why}", *explained_layers(choice.considered))


def explained_layers(considered: Sequence[Considered]) -> tuple[str, ...]:
    """Every place that was looked at, as lines for a terminal; the one that decided is marked."""
    width = max((len(item.layer) for item in considered), default=0)
    lines = (f"  {'>' if item.used else ' '} {item.layer:{width}}  {item.found or '-'}" for item in considered)
    return ("Looked at, in this order", *lines)


def _known(
    settings: Settings,
    find_servers: FindServers | None,
    store: TokenStore | None,
    environment: Mapping[str, str] | None,
) -> Known:
    known = known_of(settings, find_servers or tuple, store, environment)
    if find_servers is not None:
        return known
    held = known.credentials.items()
    kept = {name: str(item.metadata["base_url"]) for name, item in held if "base_url" in item.metadata}
    addresses = local_addresses({**kept, **known.base_urls}, known.environment)
    return replace(
        known, find_servers=functools.partial(running, addresses, this_machine_only=settings.this_machine_only)
    )


def _looks(known: Known, session_model: str) -> tuple[_Look, ...]:
    return (
        _in_chat(known, session_model),
        _in_settings(known, Layer.ENVIRONMENT),
        _in_settings(known, Layer.CONFIGURATION),
        _in_store(known),
        _in_variables(known),
        _Look(Layer.SERVERS, "", lambda: _local(known)),
        _Look(Layer.BUILTIN, "", lambda: builtin(known.settings, "", "no other model is set")),
    )


def _in_chat(known: Known, name: str) -> _Look:
    if not name:
        return _Look(Layer.CHAT)
    return _Look(Layer.CHAT, name, lambda: named(known, name, Layer.CHAT, "chosen in this chat"))


def _in_settings(known: Known, layer: Layer) -> _Look:
    """A model that is named goes before an address alone, that before weights."""
    settings = known.settings
    notices = settings.notices if layer is Layer.CONFIGURATION else ()

    def look(found: str, make: Callable[[], Choice] | None = None) -> _Look:
        return _Look(layer, ". ".join(filter(None, (found, *notices))), make)

    def here(setting: str) -> bool:
        return bool(getattr(settings, setting)) and settings.of_environment(setting) == (layer is Layer.ENVIRONMENT)

    source, model = _model_of(settings, layer)
    if model:
        return look(f"{source} names {model}", lambda: named(known, model, layer, f"named by {source}"))
    if here("base_url"):
        source = settings.sources.get("base_url", "base_url")
        name = _model_for_address(settings)
        return look(f"{source} is {host_of(settings.base_url)}", lambda: _at_address(known, name, layer, source))
    for setting in ("weights", "builtin_model"):
        if here(setting):
            source, name = settings.sources.get(setting, setting), str(getattr(settings, setting))
            return look(f"{source} is {name}", functools.partial(builtin, settings, name, f"named by {source}"))
    return look("")


def _model_of(settings: Settings, layer: Layer) -> tuple[str, str]:
    """Where this layer names a model, and which."""
    in_environment = layer is Layer.ENVIRONMENT
    for source, model in settings.named.items():
        if source.startswith("PYMOLCODE_") == in_environment:
            return source, model
    unknown = settings.model if not settings.named and not in_environment else ""  # settings that were not read
    return "the settings", unknown


def _model_for_address(settings: Settings) -> str:
    """The model that the configuration names for an address of the environment."""
    provider, _, name = _model_of(settings, Layer.CONFIGURATION)[1].partition(":")
    return name if provider and CUSTOM in (provider, id_of(provider)) else ""


def _at_address(known: Known, name: str, layer: Layer, source: str) -> Choice:
    if name:
        return named(known, f"{CUSTOM}:{name}", layer, f"named by the configuration, at {source}")
    return named(known, CUSTOM, layer, f"first of the models at {source}")


def _in_store(known: Known) -> _Look:
    credential = known.chosen
    if credential is None:
        return _Look(Layer.SIGN_IN, known.trouble)
    name = credential.provider_id
    model = str(credential.metadata.get("model", ""))
    title = providers.find(name).title if id_of(name) else name
    signed_in = credential.has_secret
    did = f"signed in to {title}" if signed_in else f"{title} was chosen"

    def make() -> Choice:
        if not id_of(name):
            raise _Passed("which is unknown here")
        try:
            return named(known, f"{name}:{model}" if model else name, Layer.SIGN_IN, did)
        except Locked as error:
            raise _Passed(str(error.args[0])) from None

    said = ". ".join(filter(None, (f"{did}{f', {model}' if model else ''}", known.trouble)))
    return _Look(Layer.SIGN_IN, said, make)


def _in_variables(known: Known) -> _Look:
    """An address goes before keys, which may be there for other programs."""
    custom = providers.find(CUSTOM)
    address = known.variable(custom.base_url_env)
    keys = [
        (entry.id, variable)
        for entry in providers.providers()
        if entry.id != CUSTOM and (variable := known.variable(entry.key_env))
    ]

    def make() -> Choice:
        if address:
            return named(known, CUSTOM, Layer.VARIABLES, f"first of the models at {address}")
        reasons = []
        for name, variable in keys:
            try:
                return named(known, name, Layer.VARIABLES, f"{variable} is set")
            except (ConfigError, AuthError, ProviderError) as error:
                reasons.append(f"{variable}: {error.args[0]}")
        raise _Passed("; ".join(reasons))

    found = ", ".join(filter(None, (address, *(variable for _, variable in keys))))
    return _Look(Layer.VARIABLES, found, make if found else None)


def _local(known: Known) -> Choice:
    locked = known.settings.this_machine_only
    for server in known.find_servers():
        names = [name for name in server.models if not (locked and runs_elsewhere(name))]
        where = "here" if on_this_machine(server.base_url) else f"at {host_of(server.base_url)}"
        if names:
            return Choice(
                provider=server.provider,
                api="chat",
                name=names[0],
                base_url=server.base_url,
                why=f"{server.name} runs {where}",
            )
    raise _Passed("none answers")
