"""Which model to use, and why: settings first, then a server that runs on this machine, then the built-in one."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from ..auth.providers import Api, Profile
from ..config import paths
from ..config.settings import Settings
from ..core.errors import ConfigError, ModelUnavailable
from ..core.scene import Frozen
from . import catalogue, weights
from .address import host_of, on_this_machine, runs_elsewhere
from .catalogue import LocalModel
from .discover import LocalServer, listed, running

BUILTIN = "builtin"
OPENAI_CHAT = "openai-chat"
OPENAI_URL = "https://api.openai.com/v1"
BUILTIN_HINT = (
    "Use the built-in model (PYMOLCODE_MODEL=builtin; `pymolcode model fetch` gets it), or switch the lock off."
)


class Considered(Frozen):
    """A place where a model may be named, in the order in which they are looked at.

    Attributes:
        layer: E.g. "this chat", "environment", "configuration", "sign-in", "keys in the environment",
            "servers on this machine", "built-in".
        found: What is there, in words and without secrets; empty where nothing is.
        used: Whether it decided.
    """

    layer: str
    found: str = ""
    used: bool = False


class Choice(Frozen):
    """A model and how it is reached.

    Attributes:
        provider: Id of `resources/providers.yaml`.
        api: How requests are written.
        name: Model name as the endpoint knows it; for the built-in model its id, or the path of a file.
        key: A key that a setting or the environment holds; None where `signed_in`, or where none is needed.
        signed_in: The token store holds what requests carry; it is read at every request.
        why: For the user, e.g. "named by PYMOLCODE_MODEL".
        considered: Every place that was looked at, in order.
    """

    provider: str
    api: Api
    name: str
    base_url: str = ""
    key: SecretStr | None = None
    signed_in: bool = False
    profile: Profile = "full"
    why: str = ""
    considered: tuple[Considered, ...] = ()

    @property
    def title(self) -> str:
        """Short, for the head of the panel."""
        if self.api == BUILTIN and not is_path(self.name):
            return catalogue.find(self.name).title
        return Path(self.name).name if self.api == BUILTIN else self.name

    @property
    def full_name(self) -> str:
        """`PROVIDER:MODEL`, as settings and commands write it."""
        return f"{self.provider}:{self.name}"


def choose(settings: Settings, find_servers: Callable[[], tuple[LocalServer, ...]] | None = None) -> Choice:
    """Decide; blocking (it may ask servers on this machine), so run it in a worker thread.

    With `this_machine_only` nothing elsewhere is asked, nor chosen.

    Raises:
        ConfigError: The setting names a provider that is unknown or incomplete.
        ModelUnavailable: The endpoint that is set lists no model, or is elsewhere where the lock forbids that.
    """
    find_servers = find_servers or functools.partial(running, this_machine_only=settings.this_machine_only)
    if settings.model:
        return _permitted(settings, _named(settings, find_servers))
    if settings.base_url:
        _check_lock(settings, settings.base_url)
        name = listed(settings.base_url, settings.api_key)[0]
        why = f"first of the models at {settings.sources.get('base_url', 'base_url')}"
        return _permitted(settings, _chat(settings, name, settings.base_url, why))
    if settings.weights or settings.builtin_model:
        return _builtin(settings, "", f"named by {settings.sources.get('weights', 'builtin_model')}")
    for server in find_servers():
        names = [name for name in server.models if not (settings.this_machine_only and runs_elsewhere(name))]
        where = "here" if on_this_machine(server.base_url) else f"at {host_of(server.base_url)}"
        if names:
            return Choice(
                provider=server.provider,
                api="chat",
                name=names[0],
                base_url=server.base_url,
                why=f"{server.name} runs {where}",
            )
    return _builtin(settings, "", "no other model is set")


def is_path(name: str) -> bool:
    """Whether a built-in model's name is a file rather than an id of the catalogue."""
    return name.endswith(".gguf") or "/" in name or "\\" in name


def local_file(choice: Choice) -> tuple[Path | None, LocalModel]:
    """The weights when they are ready to use, and the catalogue's entry they run as.

    A file given by path is taken as it is; the catalogue's files count only once they were verified.

    Raises:
        ConfigError: The path is not there.
    """
    if not is_path(choice.name):
        entry = catalogue.find(choice.name)
        return weights.verified(entry, paths.models_folder()), entry
    path = Path(choice.name).expanduser()
    if not path.is_file():
        raise ConfigError(f"The weights {path} are not there.", hint="Correct PYMOLCODE_WEIGHTS or builtin_model.")
    default = catalogue.find()
    known = next((entry for entry in catalogue.models() if entry.n_bytes == path.stat().st_size), None)
    return path, known or default.model_copy(update={"id": "file", "title": path.name, "profile": "compact"})


def _permitted(settings: Settings, choice: Choice) -> Choice:
    if choice.api != BUILTIN:
        _check_lock(settings, choice.base_url, choice.name)
    return choice


def _check_lock(settings: Settings, base_url: str, name: str = "") -> None:
    if settings.this_machine_only and (runs_elsewhere(name) or not on_this_machine(base_url)):
        raise ModelUnavailable(locked_out(base_url), hint=BUILTIN_HINT)


def locked_out(base_url: str) -> str:
    """Why the model at this address is not asked."""
    return f"`This machine only` is on, and the model at {host_of(base_url) or base_url} does not run on this machine."


def _named(settings: Settings, find_servers: Callable[[], tuple[LocalServer, ...]]) -> Choice:
    provider, _, name = settings.model.partition(":")
    why = f"named by {settings.sources.get('model', 'the settings')}"
    if provider == BUILTIN:
        return _builtin(settings, name, why)
    if not name:
        raise ConfigError(
            f"The model `{settings.model}` names no provider.", hint="Write PROVIDER:MODEL, e.g. openai-chat:qwen3."
        )
    if provider == OPENAI_CHAT:
        return _chat(settings, name, settings.base_url or OPENAI_URL, why)
    if provider == "openai":
        return _chat(settings, name, OPENAI_URL, why)
    server = next((item for item in find_servers() if item.provider == provider), None)
    if server is not None:
        return Choice(provider=provider, api="chat", name=name, base_url=server.base_url, why=why)
    if provider in ("ollama", "lmstudio", "llamacpp"):
        raise ConfigError(f"{provider} does not run on this machine.", hint="Start it, or choose another model.")
    raise ConfigError(
        f"The provider `{provider}` is unknown.",
        hint="Known: builtin, openai-chat (with OPENAI_BASE_URL), openai, ollama, lmstudio, llamacpp.",
    )


def _builtin(settings: Settings, name: str, why: str) -> Choice:
    chosen = name or settings.weights or settings.builtin_model
    return Choice(provider=BUILTIN, api="builtin", name=chosen or catalogue.find().id, why=why)


def _chat(settings: Settings, name: str, base_url: str, why: str) -> Choice:
    if not base_url.startswith(("http://", "https://")):
        raise ConfigError(f"The base URL `{base_url}` is no web address.", hint="It begins with http:// or https://.")
    return Choice(provider="custom", api="chat", name=name, base_url=base_url, key=settings.api_key, why=why)
