"""Takes a picture of the viewport without disturbing the window."""

from __future__ import annotations

from typing import Any

from pymol.Qt import QtCore, QtGui


def png(cmd: Any, window: Any, max_width_px: int) -> bytes:
    """PNG of the scene as it is now.

    In a window it has the viewport's own size: a sized `png` corrupts PyMOL's OpenGL layout.
    Without a window PyMOL ray-traces, so the picture is small.
    """
    if window is None:
        return bytes(cmd.png(None, min(640, max_width_px), 480, ray=1, quiet=1))
    cmd.turn("x", 0)  # a finished ray stays as an overlay, and png would return that old picture
    data = bytes(cmd.png(None, quiet=1))
    return _scaled(data, max_width_px)


def mend(cmd: Any, window: Any, size: Any) -> None:
    """Give the drawing area of the window its own measures back, if they are no longer `size`.

    PyMOL's `png FILE, WIDTH, HEIGHT` without ray tracing leaves it with those of the picture, and after some of them
    it is one pixel wide. On PyMOL's thread, before it draws.
    """
    if window is None or cmd.get_viewport() == size:
        return
    widget = window.pymolwidget
    widget.pymol.reshape(int(widget.fb_scale * widget.width()), int(widget.fb_scale * widget.height()), True)


def _scaled(data: bytes, max_width_px: int) -> bytes:
    image = QtGui.QImage.fromData(data)
    if image.isNull() or image.width() <= max_width_px:
        return data
    smooth = QtCore.Qt.TransformationMode.SmoothTransformation
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    image.scaledToWidth(max_width_px, smooth).save(buffer, "PNG")
    return bytes(buffer.data())
