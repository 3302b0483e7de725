"""Pictures that the user attaches, made small enough for any model; works in a worker thread as well."""

from __future__ import annotations

from pathlib import Path

from ..core.attachments import Picture
from ..core.errors import PymolcodeError
from .qt import QtCore, QtGui

MAX_PICTURES = 8  # of one message
ENDS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff"})
_MAX_SIDE_PX = 1568  # what vendors make larger ones into anyway
_MAX_BYTES = 1_500_000  # of a PNG; a photograph is a tenth of that as JPEG
_MAX_FILE_BYTES = 50_000_000
_JPEG_QUALITY = 88


class Unreadable(PymolcodeError):
    """This is no picture that can be attached."""


def of_image(image: QtGui.QImage, name: str) -> Picture:
    """A picture from the clipboard, or one that was read.

    Raises:
        Unreadable: There is nothing in it.
    """
    if image.isNull():
        raise Unreadable(f"{name} is no picture that can be read.")
    if max(image.width(), image.height()) > _MAX_SIDE_PX:
        keep, smooth = QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
        image = image.scaled(_MAX_SIDE_PX, _MAX_SIDE_PX, keep, smooth)
    data, kind = _encoded(image, "PNG"), "png"
    if len(data) > _MAX_BYTES:
        data, kind = _encoded(_on_white(image), "JPEG", _JPEG_QUALITY), "jpeg"
    return Picture(name=name, data=data, media_type=f"image/{kind}", width_px=image.width(), height_px=image.height())


def of_file(path: str) -> Picture:
    """A picture from a file; blocking, so use a worker thread.

    Raises:
        Unreadable: It is none, or too large.
    """
    name = Path(path).name
    try:
        size = Path(path).stat().st_size
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror or error}.") from error
    if size > _MAX_FILE_BYTES:
        raise Unreadable(f"{name} is too large for a picture: {size / 1e6:.0f} MB.")
    reader = QtGui.QImageReader(path)
    reader.setAutoTransform(True)
    wanted = reader.size()
    if wanted.isValid() and max(wanted.width(), wanted.height()) > 2 * _MAX_SIDE_PX:
        # Read small at once: a poster of 400 megapixels would need gigabytes.
        wanted.scale(2 * _MAX_SIDE_PX, 2 * _MAX_SIDE_PX, QtCore.Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(wanted)
    return of_image(reader.read(), name)


def _encoded(image: QtGui.QImage, kind: str, quality: int = -1) -> bytes:
    buffer = QtCore.QBuffer()
    buffer.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind, quality)
    return bytes(buffer.data().data())


def _on_white(image: QtGui.QImage) -> QtGui.QImage:
    """JPEG has no transparency; what is behind would become black."""
    if not image.hasAlphaChannel():
        return image
    solid = QtGui.QImage(image.size(), QtGui.QImage.Format.Format_RGB32)
    solid.fill(QtGui.QColor("white"))
    painter = QtGui.QPainter(solid)
    painter.drawImage(0, 0, image)
    painter.end()
    return solid
