"""Writes settings into config.yaml, with what its user wrote around them: comments, order, blank lines.

Only the places of the settings that change are written anew, found by the marks that PyYAML's parser gives; what comes
of that is read back before it replaces the file. (ruamel.yaml keeps comments too, but takes those before a setting for
a part of the one above, and loses them with it.)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout

from .. import whole_files
from ..core.errors import ConfigError
from . import paths, settings

_WAIT_S = 5.0
_NOT_WRITTEN = "Nothing was changed in it."
_LONG = 2**20  # long values stay on their line
HEAD = "# Settings of pymolcode; README, Models and Settings, says what there is.\n"


def change(values: Mapping[str, Any]) -> settings.Settings:
    """Set settings in config.yaml; blocking, so use a worker thread.

    Args:
        values: By the setting's name: plain values as YAML has them, or None to take the setting out of the file.

    Returns:
        All settings as they are then; another layer may still go before the file.

    Raises:
        ConfigError: A setting is unknown, a value does not fit, or the file cannot be read or written; the file is
            as it was.
    """
    path = paths.user_folder() / "config.yaml"
    try:
        with FileLock(path.with_name(".config.lock"), timeout=_WAIT_S):
            text = _text(path)
            changed = _changed(path, text, values)
            if changed != text:
                whole_files.write(path, changed.encode(), private=not path.exists())
    except Timeout:
        raise ConfigError(f"Another program is writing {path}.", hint=_NOT_WRITTEN) from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}.", hint=_NOT_WRITTEN) from error
    return settings.load()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ConfigError(f"{path} cannot be read: it is not UTF-8.", hint="Mend it or move it away.") from None


def _changed(path: Path, text: str, values: Mapping[str, Any]) -> str:
    before = settings.yaml_layer(path)
    wanted = {name: value for name, value in {**before, **values}.items() if value is not None}
    settings.check_layer(wanted, path.name)
    if wanted == before:
        return text
    try:
        written = _written(text, values)
        read_back = yaml.safe_load(written) or {}
    except yaml.YAMLError:
        written, read_back = "", None
    if read_back != wanted:
        raise ConfigError(
            f"{path} is written in a way that cannot be changed from here.", hint="Change it in an editor."
        )
    return written


def _written(text: str, values: Mapping[str, Any]) -> str:
    """The text with these settings changed: only the places where they stand, found by PyYAML's marks."""
    for name, value in values.items():
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        pairs = root.value if isinstance(root, yaml.MappingNode) else []
        # Of two of a name the reader takes the last.
        found = [(key, held) for key, held in pairs if key.value == name]
        if value is None:
            for key, held in reversed(found):
                text = _without(text, key, held)
        elif found:
            text = _with(text, found[-1][1], value)
        else:
            text = f"{text.rstrip()}\n" if text.strip() else HEAD
            text += yaml.safe_dump({name: value}, allow_unicode=True, width=_LONG)
    return text


def _without(text: str, key: yaml.Node, held: yaml.Node) -> str:
    """Without the lines of one setting; a comment on its last line goes with it."""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    end = text.find("\n", _end(held))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _with(text: str, held: yaml.Node, value: Any) -> str:  # noqa: ANN401  # plain values of YAML
    """With another value at its place."""
    start, end = held.start_mark.index, _end(held)
    if isinstance(held, yaml.SequenceNode) and not held.flow_style and isinstance(value, list):
        return text[:start] + _items(text, held, value) + text[end:]
    space = "" if text[start - 1 : start].isspace() else " "
    return text[:start] + space + _flow(value) + text[end:]


def _items(text: str, held: yaml.SequenceNode, value: list[Any]) -> str:
    """Items of a list, a line each; those that stay keep what stands beside them."""
    lines = {item.value: text[item.start_mark.index : _line_end(text, _end(item))] for item in held.value}
    last = held.value[-1].value
    lines[last] = lines[last][: _end(held.value[-1]) - held.value[-1].start_mark.index]  # what follows it stays anyway
    indent = "\n" + " " * held.start_mark.column
    return indent.join(f"- {lines.get(item) or _flow(item)}" for item in value)


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return found if found >= 0 else len(text)


def _flow(value: Any) -> str:  # noqa: ANN401  # plain values of YAML
    """A value on one line."""
    dumped = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=_LONG)
    return dumped.removesuffix("...\n").rstrip("\n")


def _end(node: yaml.Node) -> int:
    """Where its last character stands; the mark of a block lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
