"""Makes a choice of the name of a model: finds its address and key, and a model where only the provider is named."""

from __future__ import annotations

from ..address import host_of, on_this_machine, runs_elsewhere, shown
from ..auth import providers
from ..config.settings import Settings
from ..core.errors import AuthError, ConfigError, ModelUnavailable, NotSignedIn, ProviderError
from . import catalogue
from .chosen import BUILTIN, Choice
from .discover import listed
from .model_list import default_of
from .reach import Known, Layer, Reach, check_key, id_of, reach

BUILTIN_HINT = (
    "Use the built-in model (PYMOLCODE_MODEL=builtin; `pymolcode model fetch` gets it), or switch the lock off."
)


class Locked(ModelUnavailable):
    """The lock forbids it."""


def check_lock(settings: Settings, base_url: str, name: str = "") -> None:
    """Raises Locked where `This machine only` forbids this model."""
    if settings.this_machine_only and (runs_elsewhere(name) or not on_this_machine(base_url)):
        raise Locked(locked_out(base_url), hint=BUILTIN_HINT)


def locked_out(base_url: str) -> str:
    """Why the model at this address is not asked."""
    where = host_of(base_url) or shown(base_url)
    return f"`This machine only` is on, and the model at {where} does not run on this machine."


def named(known: Known, text: str, layer: Layer, why: str) -> Choice:
    """The choice that `PROVIDER:MODEL` names, or `PROVIDER` alone: then the first of its list that can call tools.

    Args:
        known: What the search goes by.
        text: `PROVIDER:MODEL`.
        layer: Where that stands; decides whose key is used.
        why: For the user; where the key comes from is added.

    Raises:
        ConfigError: It makes no sense, or the provider's address is not known.
        NotSignedIn: The provider wants a key, and there is none.
        ModelUnavailable: The lock forbids it, or no model was named and none is listed.
    """
    name, _, model = text.partition(":")
    if not id_of(name) and ":" not in text:
        raise ConfigError(
            f"The model `{text}` names no provider.", hint="Write PROVIDER:MODEL, e.g. openai-chat:qwen3."
        )
    if providers.find(name).api == BUILTIN:
        return builtin(known.settings, model, why)
    found = reach(known, name, layer)
    check_lock(known.settings, found.base_url, model)
    if found.provider.local and found.key is None and not found.signed_in:
        found = _where_it_runs(known, found)
        check_lock(known.settings, found.base_url, model)
    check_key(found)
    if not model:
        model = _first_model(known, found)
    return Choice(
        provider=found.provider.id,
        api=found.provider.api,
        name=model,
        base_url=found.base_url,
        key=found.key,
        signed_in=found.signed_in,
        by_oauth=found.by_oauth,
        why=", ".join(filter(None, (why, _key_told(found, layer)))),
    )


def _key_told(found: Reach, layer: Layer) -> str:
    """Where the key comes from, unless that is already said."""
    said = (layer is Layer.SIGN_IN and found.signed_in) or (layer is Layer.VARIABLES and found.provider.needs_key)
    return "" if said else found.key_from


def _where_it_runs(known: Known, found: Reach) -> Reach:
    """The same, at the address at which it answered."""
    server = next((item for item in known.find_servers() if item.provider == found.provider.id), None)
    if server is None:
        where = "on this machine" if on_this_machine(found.base_url) else f"at {host_of(found.base_url)}"
        raise ConfigError(f"{found.provider.title} does not run {where}.", hint="Start it, or choose another model.")
    return found.model_copy(update={"base_url": server.base_url})


def _first_model(known: Known, found: Reach) -> str:
    provider = found.provider
    how = f"Name a model: `pymolcode-auth use {provider.id}:MODEL`, or PYMOLCODE_MODEL={provider.id}:MODEL."
    try:
        models = listed(provider, found.base_url, key=found.key, sign_in=known.sign_in() if found.signed_in else None)
    except (ProviderError, AuthError) as error:
        kind = NotSignedIn if isinstance(error, AuthError) else ModelUnavailable
        raise kind(str(error.args[0]), hint=f"{error.hint} {how}".strip()) from error
    usable = tuple(item for item in models if not (known.settings.this_machine_only and runs_elsewhere(item.id)))
    default = default_of(usable)
    if default is None:
        raise ModelUnavailable(f"{provider.title} lists no model that can call tools.", hint=how)
    return default.id


def builtin(settings: Settings, name: str, why: str) -> Choice:
    """The built-in model, by its id in the catalogue or the path of a file; as set where no name is given."""
    chosen = name or settings.weights or settings.builtin_model or catalogue.find().id
    return Choice(provider=BUILTIN, api="builtin", name=chosen, why=why)
