"""The user's settings in layers: environment, config.yaml, config.json of older versions, defaults."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, SecretStr

from ..core.errors import ConfigError
from ..core.outgoing import Data
from ..core.risk import Mode
from ..core.scene import Frozen
from . import paths

# Environment variable of each setting, the first that is set wins.
_ENVIRONMENT: dict[str, tuple[str, ...]] = {
    "model": ("PYMOLCODE_MODEL",),
    "base_url": ("PYMOLCODE_API_BASE", "OPENAI_BASE_URL", "OPENAI_API_BASE"),
    "api_key": ("PYMOLCODE_API_KEY", "OPENAI_API_KEY"),
    "weights": ("PYMOLCODE_WEIGHTS",),
    "mode": ("PYMOLCODE_MODE",),
    "this_machine_only": ("PYMOLCODE_THIS_MACHINE_ONLY",),
    "ca_file": ("PYMOLCODE_CA_FILE",),
}
_FLAT_JSON = {"llm_api_key": "api_key", "llm_api_base": "base_url"}


class Settings(Frozen):
    """What is set, and where each value came from.

    Attributes:
        model: `PROVIDER:MODEL`, e.g. `openai-chat:qwen3` or `builtin`; empty lets pymolcode choose.
        base_url: Of an OpenAI-compatible endpoint.
        api_key: For that endpoint; never shown.
        builtin_model: Id of the catalogue, or path of a GGUF file.
        weights: Path of a GGUF file that is used as it is; goes before `builtin_model`.
        request_limit: Requests to the model in one turn.
        mode: What runs without a question: `ask`, `auto` or `plan`.
        this_machine_only: Refuse any model, fetch or server that is not on this machine.
        withhold: Kinds of content that are not sent to a model on another machine.
        command_limit_s: Seconds after which a single PyMOL command is interrupted.
        base_urls: Where a provider is, by its id, in place of its usual address.
        auth: OAuth clients that the user brought, by provider: `client_id`, `client_secret`, `issuer`, the addresses.
        fallback: `PROVIDER:MODEL` of the models to try, in order, where the chosen one is overloaded or out of reach.
        budget_usd: What a chat may cost before it stops and asks.
        budget_tokens: Tokens, input and output, that a chat may use before it stops and asks.
        env_file: A file of `NAME=value` lines that fills unset environment variables; none is read unless it is named.
        keyring: Keep secrets in the system's keyring instead of `auth.json`.
        ca_file: Certificates (PEM) to trust for connections to models and sign-in, besides the usual ones.
        sources: Where a setting came from, by its name.
    """

    model: str = ""
    base_url: str = ""
    api_key: SecretStr | None = None
    builtin_model: str = ""
    weights: str = ""
    request_limit: int = Field(default=40, ge=1)
    mode: Mode = Mode.ASK
    this_machine_only: bool = False
    withhold: frozenset[Data] = frozenset()
    command_limit_s: float = Field(default=300.0, gt=0)
    base_urls: Mapping[str, str] = {}
    auth: Mapping[str, Mapping[str, SecretStr | tuple[str, ...]]] = {}
    fallback: tuple[str, ...] = ()
    budget_usd: float | None = Field(default=None, gt=0)
    budget_tokens: int | None = Field(default=None, gt=0)
    env_file: str = ""
    keyring: bool = False
    ca_file: str = ""
    sources: Mapping[str, str] = {}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read every layer.

    Raises:
        ConfigError: A file is not readable, or a value does not fit; names the file, never a value.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    folder = paths.user_folder()
    layers = (
        (_json_layer(folder / "config.json"), "config.json"),
        (_yaml_layer(folder / "config.yaml"), "config.yaml"),
    )
    for layer, name in layers:
        values |= layer
        sources |= dict.fromkeys(layer, name)
    for setting, variables in _ENVIRONMENT.items():
        variable = next((name for name in variables if environment.get(name)), None)
        if variable is not None:
            values[setting] = environment[variable]
            sources[setting] = variable
    unknown = values.keys() - Settings.model_fields.keys()
    if unknown:
        where = ", ".join(f"{name} ({sources[name]})" for name in sorted(unknown))
        raise ConfigError(f"Unknown settings: {where}.", hint=f"Known: {', '.join(sorted(_known()))}.")
    try:
        return Settings(**values, sources=sources)
    except ValueError as error:
        # pydantic's own message would print the value, which may be a key.
        where = ", ".join(sorted(set(sources.values())))
        raise ConfigError(
            f"A setting has a value that does not fit (looked in {where}).", hint="See README, Models."
        ) from error


def _known() -> set[str]:
    return set(Settings.model_fields) - {"sources"}


def _yaml_layer(path: Path) -> dict[str, Any]:
    return _mapping(path, yaml.safe_load, yaml.YAMLError)


def _json_layer(path: Path) -> dict[str, Any]:
    """The flat form (`llm_model`) and the nested one (`llm: {provider, model}`); what it does not know is left."""
    data = _mapping(path, json.loads, ValueError)
    nested = data.get("llm")
    if isinstance(nested, dict):
        data = {f"llm_{key}": value for key, value in nested.items()} | data
    found = {ours: data[theirs] for theirs, ours in _FLAT_JSON.items() if data.get(theirs)}
    provider, model = data.get("llm_provider"), data.get("llm_model")
    if model:
        found["model"] = f"{provider}:{model}" if provider else str(model)
    return found


def _mapping(path: Path, parse: Any, failure: type[Exception]) -> dict[str, Any]:  # noqa: ANN401  # two parsers
    try:
        data = parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, RecursionError, failure) as error:
        raise ConfigError(f"{path} cannot be read.", hint="Mend it or move it away.") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path} is not a list of settings and values.", hint="Mend it or move it away.")
    return {str(key): value for key, value in data.items()}
