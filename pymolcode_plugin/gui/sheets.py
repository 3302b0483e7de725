"""The style sheets of `ui/`, with what a sheet cannot say itself filled in: a font's sizes, a palette's accents."""

from __future__ import annotations

from ..config import paths
from .qt import QtGui, QtWidgets

_SIZES = {"@large": 1.25, "@small": 0.92, "@usual": 1.0}  # of the font
_DARK = 128
# Each can be read on the palette's window and base: a contrast of 4.5 at least.
# Source: https://www.w3.org/TR/WCAG21/#contrast-minimum
_ON_LIGHT = {"@error": "#b3261e", "@warning": "#8a5000", "@good": "#1b6e3d", "@faint": "#5c6066"}
_ON_DARK = {"@error": "#ff8a80", "@warning": "#ffb454", "@good": "#6fd39b", "@faint": "#a9aeb4"}
_EVERYTHING = "{scope}QWidget {{ font-size: @usual; }}\n"


def is_dark(palette: QtGui.QPalette) -> bool:
    """Whether it has light text on a dark ground."""
    return bool(palette.color(QtGui.QPalette.ColorRole.Window).lightness() < _DARK)


def filled(text: str, font: QtGui.QFont, palette: QtGui.QPalette) -> str:
    """A sheet for a font and a palette; what begins with @ in it is a size or a colour of these, or a picture."""
    size, unit = (font.pointSizeF(), "pt") if font.pointSizeF() > 0 else (font.pixelSize(), "px")
    words = {word: f"{round(size * factor)}{unit}" for word, factor in _SIZES.items()}
    for word, value in {**words, **(_ON_DARK if is_dark(palette) else _ON_LIGHT)}.items():
        text = text.replace(word, value)
    return text.replace("@tick", paths.ui("tick.png").as_posix())


def style(widget: QtWidgets.QWidget, name: str, font: QtGui.QFont, *, scope: str = "", resized: bool = False) -> None:
    """Give a widget and what is in it the look of a sheet of `ui/`.

    Args:
        widget: The panel's root, or a dialog.
        name: Of the file.
        font: Whose sizes it has.
        scope: Selector before the rule for everything, with the space behind it.
        resized: The font is not the application's, which a font alone would not bring below a style sheet.
    """
    first = _EVERYTHING.format(scope=scope) if resized else ""
    sheet = first + paths.ui(name).read_text(encoding="utf-8")
    widget.setStyleSheet("")  # one that stays would keep the palette it was first used with
    widget.setStyleSheet(filled(sheet, font, widget.palette()))
