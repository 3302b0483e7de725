"""Where the panel stood when it was last used, as a small file; standard library only, PyMOL's start reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from ..config import paths
from ..core.errors import ConfigError

Area = Literal["left", "right", "top", "bottom"]
_AREAS = ("left", "right", "top", "bottom")
_MIN_PX, _MAX_PX = 100, 10_000


class DockState(NamedTuple):
    """The panel's place; the defaults are those of a first start.

    Attributes:
        visible: It was not closed.
        floating: It was a window of its own, at `x_px`, `y_px`.
        area: Where it was docked.
        width_px: Of the panel.
        height_px: Of the panel.
        x_px: On the screen, where it floats.
        y_px: On the screen, where it floats.
        open_at_start: What the setting of that name said: PyMOL's start cannot read the settings.
    """

    visible: bool = True
    floating: bool = False
    area: Area = "right"
    width_px: int = 400
    height_px: int = 700
    x_px: int = 0
    y_px: int = 0
    open_at_start: bool = False


def load(path: Path | None = None) -> DockState:
    """What was saved; the defaults for what is not there or makes no sense."""
    import json  # noqa: PLC0415  # PyMOL's start pays for it

    try:
        read = json.loads((path or paths.panel_file()).read_text(encoding="utf-8"))
    except (OSError, ValueError, ConfigError):
        return DockState()
    if not isinstance(read, dict):
        return DockState()
    return DockState(**{name: value for name, value in read.items() if _fits(name, value)})


def save(state: DockState, path: Path | None = None) -> None:
    """Write it whole or not at all.

    Raises:
        OSError: It cannot be written.
        ConfigError: There is no user folder.
    """
    import json  # noqa: PLC0415  # see `load`

    from .. import whole_files  # noqa: PLC0415  # see `load`

    text = json.dumps(state._asdict(), indent=1)
    whole_files.write(path or paths.panel_file(), text.encode())


def opens_at_start() -> bool:
    """Whether the panel is to open with PyMOL: somebody wants that, and it was open when PyMOL was closed."""
    try:
        if not paths.panel_file().exists():
            return False
    except ConfigError:
        return False
    state = load()
    return state.visible and state.open_at_start


def _fits(name: str, value: Any) -> bool:  # noqa: ANN401  # what JSON holds
    default = DockState._field_defaults.get(name)
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int):
        is_size = name in ("width_px", "height_px")
        lowest = _MIN_PX if is_size else -_MAX_PX
        return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= _MAX_PX
    return name == "area" and cast("str", value) in _AREAS
