"""Sizes and accents that are filled into the style sheets: what is written in colour can be read, light and dark."""

import re
from pathlib import Path

import pytest

from pymolcode_plugin.config import paths
from pymolcode_plugin.gui import sheets
from pymolcode_plugin.gui.qt import QtGui

GROUNDS = {"light": ("#efefef", "#ffffff"), "dark": ("#333333", "#1b1e20")}  # window and base
NAMES = ("panel.qss", "dialogs.qss")


def palette(look):
    roles = QtGui.QPalette.ColorRole
    made = QtGui.QPalette()
    for role, colour in zip((roles.Window, roles.Base), GROUNDS[look], strict=True):
        made.setColor(role, QtGui.QColor(colour))
    return made


def luminance(colour):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QtGui.QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one, other):
    """Source: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def filled(name, look, font=None):
    return sheets.filled(paths.ui(name).read_text(encoding="utf-8"), font or QtGui.QFont("Sans", 10), palette(look))


@pytest.mark.parametrize("look", GROUNDS)
@pytest.mark.parametrize("name", NAMES)
def test_words_in_a_colour_of_their_own_can_be_read(qt_application, name, look):
    colours = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", filled(name, look)))
    assert len(colours) >= 3
    poor = {(colour, ground) for colour in colours for ground in GROUNDS[look] if contrast(colour, ground) < 4.5}
    assert poor == set()


@pytest.mark.parametrize("look", GROUNDS)
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_to_fill_in(qt_application, name, look):
    rules = re.sub(r"/\*.*?\*/", "", filled(name, look), flags=re.DOTALL)
    assert "@" not in rules
    assert all(Path(path).is_file() for path in re.findall(r'url\("(.*?)"\)', rules))


def test_sizes_follow_the_font_in_points_and_in_pixels(qt_application):
    points, pixels = QtGui.QFont("Sans", 20), QtGui.QFont("Sans")
    pixels.setPixelSize(40)
    assert "font-size: 25pt" in filled("dialogs.qss", "light", points)
    assert "font-size: 50px" in filled("dialogs.qss", "light", pixels)
    assert not re.search(r"font-size: \d", paths.ui("dialogs.qss").read_text(encoding="utf-8"))
