"""What was chosen, as values: a model and how it is reached, and for the built-in one the file that it runs from."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr

from ..auth.providers import Api
from ..config import paths
from ..core.errors import ConfigError
from ..core.scene import Frozen
from . import catalogue, weights
from .catalogue import LocalModel

BUILTIN = "builtin"


class Considered(Frozen):
    """A place where a model may be named, in the order in which they are looked at.

    Attributes:
        layer: A value of `reach.Layer`.
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
        by_oauth: That is a token of a browser or device sign-in, not a key.
        why: For the user, e.g. "named by PYMOLCODE_MODEL".
        considered: Every place that was looked at, in order.
    """

    provider: str
    api: Api
    name: str
    base_url: str = Field(default="", repr=False)  # it may have a password or a key in it
    key: SecretStr | None = None
    signed_in: bool = False
    by_oauth: bool = False
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
