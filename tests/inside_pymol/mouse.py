"""A hand on the real mouse (xdotool), and eyes on what PyMOL draws itself: its menus are pixels, not widgets."""

import asyncio
import contextlib
import math
import subprocess
import time

import numpy
import panel
from pymol import cmd, menu
from pymol.gui import get_qtwindow
from pymol.Qt import QtCore, QtGui, QtWidgets

# Heights in PyMOL's own code: lines, entries, titles (layer1/PopUp.cpp).
_HEIGHT = {0: 4, 1: 17, 2: 19}


def viewport():
    return get_qtwindow().pymolwidget


async def move(x, y):
    """As a hand does, in steps: a submenu takes the mouse over with one event and marks the entry with the next."""
    for aside in (12, 6, 0):
        await _xdotool("mousemove", "--sync", str(int(x) - aside), str(int(y)))


async def click(button=1):
    """Press and release in one program: PyMOL takes a slow one for a drag."""
    await _xdotool("click", str(button))


async def _xdotool(*arguments):
    process = await asyncio.create_subprocess_exec("xdotool", *arguments, stderr=subprocess.PIPE)
    _out, error = await process.communicate()
    assert process.returncode == 0, error


def on_screen(x, y):
    """From a point of the viewport to the screen."""
    corner = viewport().mapToGlobal(QtCore.QPoint(0, 0))
    return corner.x() + x, corner.y() + y


def project(selection):
    """Where PyMOL draws an atom, in pixels of the viewport widget from its upper left corner.

    Source: https://pymolwiki.org/index.php/Get_View
    """
    (atom,) = [a.coord for a in cmd.get_model(selection).atom]
    view = cmd.get_view()
    centred = [atom[i] - view[12 + i] for i in range(3)]
    x, y, z = (sum(view[3 * i + j] * centred[i] for i in range(3)) + view[9 + j] for j in range(3))
    width, height = cmd.get_viewport()
    scale = height / (2 * math.tan(math.radians(cmd.get_setting_float("field_of_view")) / 2) * -z)
    # The scene is in the lower left of the widget: above it are PyMOL's own lines, right of it the object panel.
    return width / 2 + x * scale, viewport().height() - height / 2 - y * scale


def picture():
    """The viewport as the screen shows it, shape (height, width), a number for each colour."""
    widget = viewport()
    widget.repaint()  # what is to be drawn is drawn when this returns
    corner = widget.mapToGlobal(QtCore.QPoint(0, 0))
    screen = QtWidgets.QApplication.primaryScreen()
    grabbed = screen.grabWindow(0, corner.x(), corner.y(), widget.width(), widget.height())
    image = grabbed.toImage().convertToFormat(QtGui.QImage.Format_RGB32)
    bits = image.bits()
    bits.setsize(image.sizeInBytes())
    return numpy.frombuffer(bits, numpy.uint32).reshape(image.height(), image.width()).copy()


def changed(before, after, outside=None, *, width=None):
    """The rectangle of the viewport in which two pictures differ, outside of another one, left of a width."""
    differs = (before != after)[:, :width]
    if outside is not None:
        differs[outside.top() : outside.bottom() + 1, outside.left() : outside.right() + 1] = False
    ys, xs = numpy.nonzero(differs)
    if not len(xs):
        return QtCore.QRect()
    return QtCore.QRect(QtCore.QPoint(int(xs.min()), int(ys.min())), QtCore.QPoint(int(xs.max()), int(ys.max())))


class Menus:
    """Records the menus that PyMOL asks for, so that their entries can be found by their text."""

    def __init__(self, *names):
        self.opened = []
        self._below = {}
        self._originals = {name: getattr(menu, name) for name in names}
        for name in names:
            self._listen(name)

    def _listen(self, name):
        original = getattr(menu, name)

        def listening(*args):
            items = original(*args)
            for entry in items:
                if callable(entry[2]):
                    entry[2] = self._listening_to(*entry[1:])
            self.opened.append(items)
            return items

        setattr(menu, name, listening)

    def close(self):
        """Listen no more."""
        for name, original in self._originals.items():
            setattr(menu, name, original)

    def _listening_to(self, text, submenu):
        def listening():
            self._below[text] = submenu()
            return self._below[text]

        return listening

    async def below(self, text, limit_s=10):
        """The menu below an entry, once PyMOL asked for it; it may ask for those of entries on the mouse's way too."""
        await panel.until(lambda: any(text in key for key in self._below), f"the menu below {text} is open", limit_s)
        return next(items for key, items in self._below.items() if text in key)

    async def open(self, button):
        """Click until the menu is there: on a busy machine even a quick click can be too slow for PyMOL."""
        for _ in range(4):
            await click(button)
            with contextlib.suppress(TimeoutError):
                await panel.until(lambda: self.opened, "the menu is open", 4)
                return self.opened[-1]
        raise TimeoutError("waited in vain until the menu is open")


async def settled(before, what, *, outside=None, width=None, limit_s=10):
    """Wait until the viewport shows something new of a menu's size, twice the same; where, and the picture."""
    end = time.monotonic() + limit_s
    last = QtCore.QRect()
    while time.monotonic() < end:
        await asyncio.sleep(0.05)
        now = picture()
        rect = changed(before, now, outside, width=width)
        if rect.width() > 20 and rect.height() > 20 and rect == last:
            return rect, now
        last = rect
    raise TimeoutError(f"waited in vain until {what} is drawn; last {last}")


async def still(limit_s=10):
    """Wait until the viewport is drawn and does not change any more; the picture."""
    end = time.monotonic() + limit_s
    last = picture()
    while time.monotonic() < end:
        await asyncio.sleep(0.1)
        now = picture()
        if now.shape == last.shape and (now == last).all():
            return now
        last = now
    raise TimeoutError("waited in vain until the viewport stands still")


def button_a(name):
    """The A button of a row of PyMOL's object panel: rows of 18 pixels, five buttons of 17 at their right end."""
    rows = ["all", *cmd.get_names("public")]
    return viewport().width() - 5 * 17 + 8, rows.index(name) * 18 + 9


def row(items, text, rect):
    """The middle of an entry of a menu that fills `rect`."""
    found = [number for number, entry in enumerate(items) if text in entry[1]]
    assert found, f"{text!r} is not in {[entry[1] for entry in items]}"
    number = found[0]
    unit = rect.height() / sum(_HEIGHT[entry[0]] for entry in items)
    above = sum(_HEIGHT[entry[0]] for entry in items[:number])
    return rect.x() + rect.width() / 2, rect.y() + (above + _HEIGHT[items[number][0]] / 2) * unit
