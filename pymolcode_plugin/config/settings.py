"""The user's settings in layers: environment, config.yaml, config.json of older versions, defaults.

What providers themselves call their keys and addresses (`OPENAI_API_KEY`, `OLLAMA_BASE_URL`) is no setting: it counts
only where nothing deliberate was set, so it is kept apart, in `Settings.environment`.
"""

from __future__ import annotations

import difflib
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, SecretStr, ValidationError

from .. import masking
from ..core.errors import ConfigError
from ..core.outgoing import Data
from ..core.risk import Mode
from ..core.scene import Frozen
from . import env_file as env_files
from . import paths

# Environment variable of each setting.
_ENVIRONMENT = {
    "model": "PYMOLCODE_MODEL",
    "base_url": "PYMOLCODE_API_BASE",
    "api_key": "PYMOLCODE_API_KEY",
    "weights": "PYMOLCODE_WEIGHTS",
    "mode": "PYMOLCODE_MODE",
    "this_machine_only": "PYMOLCODE_THIS_MACHINE_ONLY",
    "ca_file": "PYMOLCODE_CA_FILE",
    "env_file": "PYMOLCODE_ENV_FILE",
    "fallback": "PYMOLCODE_FALLBACK",
    "budget_usd": "PYMOLCODE_BUDGET_USD",
    "budget_tokens": "PYMOLCODE_BUDGET_TOKENS",
    "context_tokens": "PYMOLCODE_CONTEXT_TOKENS",
    "keyring": "PYMOLCODE_KEYRING",
    "open_at_start": "PYMOLCODE_OPEN_AT_START",
}
_OURS = "PYMOLCODE_"
# What people leave where a key should be; the example files of other programs come with it.
PLACEHOLDER = "your-api-key-here"
# Not for the user to set.
_READ_ONLY = frozenset({"sources", "named", "notices", "environment"})
# `llm_provider` of config.json for servers that only speak as OpenAI does; these have an address of their own.
_AS_OPENAI = ("openai", "custom")
_OLD_PREFIXES = {"google": "gemini", "zhipu": "zai"}


class Settings(Frozen):
    """What is set, and where each value came from.

    Attributes:
        model: `PROVIDER:MODEL`, e.g. `openai-chat:qwen3` or `builtin`; empty lets pymolcode choose.
        base_url: Of an OpenAI-compatible endpoint, or of the provider that the same layer names.
        api_key: For that endpoint, or for the provider that is named; never shown.
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
        context_tokens: Tokens that the model can hold (its context window), where that is not known: of a server of
            your own, or a model newer than the price list. Unset, it is taken to be 128,000 until the model refuses a
            request as too long. A window that is known goes before it.
        env_file: A file of `NAME=value` lines that fills unset environment variables; none is read unless it is named.
        keyring: Keep secrets in the system's keyring instead of `auth.json`.
        text_size: Of the panel, in percent of the system's, 50 to 300.
        open_at_start: Open the panel with PyMOL where it was open when PyMOL was closed.
        ca_file: Certificates (PEM) to trust for connections to models and sign-in, besides the usual ones.
        sources: Where a setting came from, by its name.
        named: Every model that a layer names, by where it stands; the first is `model`.
        notices: What the user should know of the files that were read.
        environment: What was read instead of `os.environ`: that, and what `env_file` adds to it.
    """

    model: str = ""
    base_url: str = Field(default="", repr=False)  # it may have a password or a key in it
    api_key: SecretStr | None = None
    builtin_model: str = ""
    weights: str = ""
    request_limit: int = Field(default=40, ge=1)
    mode: Mode = Mode.ASK
    this_machine_only: bool = False
    withhold: frozenset[Data] = frozenset()
    command_limit_s: float = Field(default=300.0, gt=0)
    base_urls: Mapping[str, str] = Field(default={}, repr=False)
    auth: Mapping[str, Mapping[str, SecretStr | tuple[str, ...]]] = {}
    fallback: tuple[str, ...] = ()
    budget_usd: float | None = Field(default=None, gt=0)
    budget_tokens: int | None = Field(default=None, gt=0)
    context_tokens: int | None = Field(default=None, ge=1000)
    env_file: str = ""
    keyring: bool = False
    open_at_start: bool = False
    text_size: int = Field(default=100, ge=50, le=300)
    ca_file: str = ""
    sources: Mapping[str, str] = {}
    named: Mapping[str, str] = {}
    notices: tuple[str, ...] = ()
    environment: Mapping[str, SecretStr] = Field(default={}, repr=False, exclude=True)

    @property
    def variables(self) -> dict[str, str]:
        """`environment` in plain text, for who looks a variable up; never to be shown."""
        return {name: value.get_secret_value() for name, value in self.environment.items()}

    def of_environment(self, setting: str) -> bool:
        """Whether this setting came from a `PYMOLCODE_*` variable rather than from a file."""
        return self.sources.get(setting, "").startswith(_OURS)


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read every layer.

    Raises:
        ConfigError: A file is not readable, or a value does not fit; names the file and the setting, never a value.
    """
    environment = os.environ if environment is None else environment
    folder = paths.user_folder()
    files = {"config.yaml": yaml_layer(folder / "config.yaml"), "config.json": _json_layer(folder / "config.json")}
    _refuse_unknown(files)
    environment, env_file = _with_env_file(environment, files)
    layers = {
        **{
            variable: {name: environment[variable]}
            for name, variable in _ENVIRONMENT.items()
            if environment.get(variable)
        },
        **files,
    }
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for source, layer in layers.items():
        for name, value in layer.items():
            if name not in values:
                values[name], sources[name] = value, source
    found = _checked(values, sources)
    masking.hide_environment(environment)
    masking.hide(found.api_key, *_client_secrets(found))
    keep = [folder / name for name, layer in files.items() if "api_key" in layer or "auth" in layer]
    return found.model_copy(
        update={
            "named": {source: str(layer["model"]) for source, layer in layers.items() if layer.get("model")},
            "notices": tuple(filter(None, map(_too_open, [*keep, *env_file]))),
            "environment": {name: SecretStr(value) for name, value in environment.items()},
        }
    )


def _client_secrets(found: Settings) -> list[SecretStr]:
    """Hidden at once: whatever reads these files can show them, though nobody may sign in with them."""
    values = [client.get("client_secret") for client in found.auth.values()]
    return [value for value in values if isinstance(value, SecretStr)]


def _refuse_unknown(files: Mapping[str, Mapping[str, Any]]) -> None:
    known = Settings.model_fields.keys() - _READ_ONLY
    unknown = sorted(f"{name} ({file})" for file, layer in files.items() for name in layer if name not in known)
    if not unknown:
        return
    first = unknown[0].partition(" ")[0]
    near = difflib.get_close_matches(first, known, n=2)
    hint = f"Is {' or '.join(f'`{name}`' for name in near)} meant?" if near else f"Known: {', '.join(sorted(known))}."
    raise ConfigError(f"Unknown settings: {', '.join(unknown)}.", hint=hint)


def _checked(values: Mapping[str, Any], sources: Mapping[str, str]) -> Settings:
    fitting = dict(values)
    if isinstance(fitting.get("fallback"), str):
        fitting["fallback"] = tuple(fitting["fallback"].replace(",", " ").split())
    try:
        return Settings(**fitting, sources=sources)
    except ValidationError as error:
        # pydantic's own text and the exception itself hold the value, which may be a key; so neither is passed on.
        wrong = {
            f"{'.'.join(map(str, item['loc'][:3]))} ({sources.get(str(item['loc'][0]), '?')})"
            for item in error.errors(include_input=False, include_url=False)
        }
    raise ConfigError(
        f"What is set does not fit: {', '.join(sorted(wrong))}.", hint="README, Models, says what can be set."
    )


def _with_env_file(
    environment: Mapping[str, str], files: Mapping[str, Mapping[str, Any]]
) -> tuple[Mapping[str, str], list[Path]]:
    """The environment with what `env_file` adds, where one is named, and that file. It never replaces what is set."""
    named = environment.get(_ENVIRONMENT["env_file"]) or next(
        (layer["env_file"] for layer in files.values() if layer.get("env_file")), ""
    )
    if not named or not isinstance(named, str):
        return environment, []
    path = paths.user_folder() / Path(named).expanduser()
    return {**env_files.read(path), **{name: value for name, value in environment.items() if value}}, [path]


def _too_open(path: Path) -> str:
    """What to say of a file with a secret that others can read; empty where that is right."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""
    if os.name == "nt" or not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ""
    return f"{path} may hold a key and can be read by other accounts of this computer; `chmod 600 {path}` mends that."


def yaml_layer(path: Path) -> dict[str, Any]:
    """What config.yaml says; empty where there is none.

    Raises:
        ConfigError: It cannot be read.
    """
    return _mapping(path, yaml.safe_load, yaml.YAMLError)


def check_layer(values: Mapping[str, Any], source: str) -> Settings:
    """Settings of one layer alone, to see whether they fit.

    Raises:
        ConfigError: One is unknown, or does not fit.
    """
    _refuse_unknown({source: values})
    return _checked(values, dict.fromkeys(values, source))


def _json_layer(path: Path) -> dict[str, Any]:
    """The flat form (`llm_model`) and the nested one (`llm: {provider, model}`); what it does not know is left.

    There, `openai` with an address of its own meant any server that speaks chat completions.
    """
    data = _mapping(path, json.loads, ValueError)
    nested = data.get("llm")
    if isinstance(nested, dict):
        data = {f"llm_{key}": value for key, value in nested.items()} | data
    provider, model = _word(data.get("llm_provider")), _word(data.get("llm_model"))
    found: dict[str, Any] = {}
    if data.get("llm_api_base"):
        found["base_url"] = data["llm_api_base"]
    if data.get("llm_api_key") and data["llm_api_key"] != PLACEHOLDER:
        found["api_key"] = data["llm_api_key"]
    if "base_url" in found and provider in _AS_OPENAI:
        provider = "openai-chat"
    if provider or model:
        found["model"] = ":".join(filter(None, (provider, _without_prefix(provider, model))))
    return found


def _without_prefix(provider: str, model: str) -> str:
    """The model's name as its provider knows it; older versions wrote `deepseek/deepseek-chat`."""
    prefix, _, name = model.partition("/")
    if not name or prefix not in (provider, _OLD_PREFIXES.get(provider)):
        return model
    return model if prefix == "openrouter" and "/" not in name else name  # OpenRouter has models of its own


def _word(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _place(error: Exception) -> str:
    """Where in the file the mistake is, where that is known."""
    line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else 0
    line = error.lineno if isinstance(error, json.JSONDecodeError) else line
    return f" (line {line})" if line else ""


def _mapping(path: Path, parse: Any, failure: type[Exception]) -> dict[str, Any]:  # noqa: ANN401  # two parsers
    try:
        data = parse(path.read_text(encoding="utf-8-sig"))  # Windows' editors begin with a mark
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, RecursionError, failure) as error:
        # The exception quotes what stands around the mistake, which may be a key.
        raise ConfigError(f"{path} cannot be read{_place(error)}.", hint="Mend it or move it away.") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError(f"{path} is not a list of settings and values.", hint="Mend it or move it away.")
    return {str(key): value for key, value in data.items()}
