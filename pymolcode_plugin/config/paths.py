"""Finds the user folder and the shipped assets; the one place that knows a checkout from an installation."""

from __future__ import annotations

import os
from pathlib import Path

from ..core.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parents[1]


def user_folder() -> Path:
    """`$PYMOLCODE_HOME`, else `~/.pymolcode`; made private to the user when it does not exist.

    Raises:
        ConfigError: It does not exist and cannot be made.
    """
    folder = Path(os.environ.get("PYMOLCODE_HOME") or Path.home() / ".pymolcode")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"The folder {folder} cannot be made: {error.strerror or error}.",
            hint="Set PYMOLCODE_HOME to a folder of yours.",
        ) from error
    return folder


def _asset_root(name: str) -> Path:
    shipped = _PACKAGE / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def ui(name: str) -> Path:
    """A file of `ui/`: forms, style sheets, templates."""
    return _asset_root("ui") / name


def resource(name: str) -> Path:
    """A file of `resources/`: prompts, recipes, the model catalogue, icons."""
    return _asset_root("resources") / name


def models_folder() -> Path:
    """Where weights live."""
    return user_folder() / "models"


def sessions_folder() -> Path:
    """Where transcripts live."""
    return user_folder() / "sessions"


def scenes_folder() -> Path:
    """Where the states of scenes live while a PyMOL runs, and are found after a crash."""
    return user_folder() / "scenes"


def session_index_file() -> Path:
    """What is listed of the sessions; a cache, made again from them where it is missing."""
    return user_folder() / "sessions.index.json"


def session_key_file() -> Path:
    """The key that says which kept sessions this installation wrote."""
    return user_folder() / "session.key"


def logs_folder() -> Path:
    """Where the log lives."""
    return user_folder() / "logs"


def rules_file() -> Path:
    """What the user always allows; written by the panel."""
    return user_folder() / "rules.yaml"


def panel_file() -> Path:
    """Where the panel stood when it was last used; JSON, because PyMOL's start reads it."""
    return user_folder() / "panel.json"


def prompts_file() -> Path:
    """What was asked before; written by the panel."""
    return user_folder() / "prompts.jsonl"


def auth_file() -> Path:
    """Where credentials live."""
    return user_folder() / "auth.json"
