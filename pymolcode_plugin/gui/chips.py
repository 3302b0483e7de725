"""What goes with the next message: selections, pictures, files; each a chip that a click takes off."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..core.attachments import Picture
from .flow_layout import FlowLayout
from .qt import QtCore, QtGui, QtWidgets, Signal

_THUMBNAIL_PX = 28
_MAX_WIDTH_PX = 220
_KINDS = {"selection": "selection", "image": "picture", "file": "file"}


class Attached(NamedTuple):
    """What is attached, in order."""

    selections: tuple[str, ...] = ()
    images: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()


class _Chip(QtWidgets.QToolButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """A name, cut in its middle where it is long, and a cross."""

    def __init__(self, kind: str, name: str, tip: str) -> None:
        super().__init__()
        self.setObjectName("chip")
        cut = self.fontMetrics().elidedText(name, QtCore.Qt.TextElideMode.ElideMiddle, _MAX_WIDTH_PX)
        self.setText(f"{cut}  ×".replace("&", "&&"))  # one alone would underline the next letter
        self.setToolTip(f"{tip}\nGoes with the next message. Click to take it off.".strip())
        self.setAccessibleName(f"Attached {_KINDS[kind]} {name}, press to remove")
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)

    def show_picture(self, picture: Picture) -> None:
        """A thumbnail before the name."""
        smooth = QtCore.Qt.TransformationMode.SmoothTransformation
        image = QtGui.QImage.fromData(picture.data).scaledToHeight(_THUMBNAIL_PX, smooth)
        image = image.copy(0, 0, min(image.width(), 2 * _THUMBNAIL_PX), _THUMBNAIL_PX)
        self.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
        self.setIconSize(image.size())
        self.setToolButtonStyle(QtCore.Qt.ToolButtonStyle.ToolButtonTextBesideIcon)


class Chips(QtWidgets.QWidget):  # type: ignore[misc]
    """The chips above the composer, in as many lines as they need; hidden while there are none.

    Signals:
        changed: One came or went.
    """

    changed = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[tuple[str, str], tuple[_Chip, str | Picture]] = {}
        self._labels: dict[str, str] = {}  # of selections that were attached, for when they are put back
        self._layout = FlowLayout(self)
        policy = QtWidgets.QSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Attached to the next message")
        self.hide()

    @property
    def names(self) -> tuple[str, ...]:
        """The attached selections, in order."""
        return self.attached.selections

    def buttons(self) -> list[QtWidgets.QToolButton]:
        """The chips that are there, in order."""
        return [chip for chip, _ in self._chips.values()]

    @property
    def attached(self) -> Attached:
        """Everything that is attached."""
        by_kind: dict[str, list[str | Picture]] = {kind: [] for kind in _KINDS}
        for (kind, _), (_, value) in self._chips.items():
            by_kind[kind].append(value)
        return Attached(
            tuple(map(str, by_kind["selection"])),
            tuple(value for value in by_kind["image"] if isinstance(value, Picture)),
            tuple(map(str, by_kind["file"])),
        )

    def add(self, name: str, label: str = "") -> None:
        """Attach a selection; once, however often it is added.

        Args:
            name: Name or expression, resolved when the message is sent.
            label: Words for it, where the expression is not for reading.
        """
        self._labels[name] = label
        self._add("selection", name, label or name, name)

    def add_file(self, path: str) -> None:
        """Attach a file, of which the model is told the name and the size."""
        self._add("file", path, Path(path).name, path)

    def add_picture(self, picture: Picture, note: str = "") -> None:
        """Attach a picture.

        Args:
            picture: What is sent.
            note: What to know of it, in the tooltip.
        """
        number = sum(1 for kind, _ in self._chips if kind == "image") + 1
        key = picture.name
        while ("image", key) in self._chips:
            key = f"{picture.name} {number}"
            number += 1
        named = picture.model_copy(update={"name": key})
        chip = self._add("image", key, key, "\n".join(filter(None, (named.title, note))), named)
        if chip is not None:
            chip.show_picture(picture)
            self.updateGeometry()

    def put(self, attached: Attached) -> None:
        """Attach all of these."""
        for name in attached.selections:
            self.add(name, self._labels.get(name, ""))
        for picture in attached.images:
            self.add_picture(picture)
        for path in attached.files:
            self.add_file(path)

    def remove(self, name: str, kind: str = "selection") -> None:
        """Take one off."""
        chip, _ = self._chips.pop((kind, name))
        self._layout.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self.setVisible(bool(self._chips))
        self.updateGeometry()
        self.changed.emit()

    def take(self) -> Attached:
        """Everything, leaving the row empty."""
        attached = self.attached
        for kind, name in tuple(self._chips):
            self.remove(name, kind)
        return attached

    def _add(self, kind: str, key: str, name: str, tip: str, value: str | Picture | None = None) -> _Chip | None:
        if (kind, key) in self._chips:
            return None
        chip = _Chip(kind, name, tip)
        chip.clicked.connect(lambda: self.remove(key, kind))
        self._chips[kind, key] = (chip, key if value is None else value)
        self._layout.addWidget(chip)
        chip.show()  # else the layout would reckon with it only when the loop runs again
        self.show()
        self.updateGeometry()
        self.changed.emit()
        return chip
