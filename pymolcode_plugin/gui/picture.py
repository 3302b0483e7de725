"""Pictures of steps: small in the transcript, large in a window of their own, where they are saved and copied."""

from __future__ import annotations

from pathlib import Path

from .labels import PressButton
from .qt import QtCore, QtGui, QtWidgets

_THUMBNAIL_WIDTH_PX = 240
_SHARE_OF_SCREEN = 0.8


class Thumbnail(PressButton):
    """A picture as small as fits; pressing it shows it large.

    Args:
        png: The picture.
        title: What it shows, for the window and a screen reader.
    """

    def __init__(self, png: bytes, title: str) -> None:
        super().__init__("", "thumbnail", "Show the picture large, to save or copy it")
        self._png, self._title = png, title
        self.opened: PictureWindow | None = None
        self.setAutoRaise(True)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Picture of {title}, press to enlarge")
        smooth = QtCore.Qt.TransformationMode.SmoothTransformation
        image = QtGui.QImage.fromData(png)
        if image.width() > _THUMBNAIL_WIDTH_PX:
            image = image.scaledToWidth(_THUMBNAIL_WIDTH_PX, smooth)
        self.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
        self.setIconSize(image.size())
        self.clicked.connect(self.enlarge)

    def enlarge(self) -> None:
        """Show it in a window of its own; the same window again where it is open."""
        if self.opened is None:
            self.opened = PictureWindow(self._png, self._title, self.window())
        self.opened.show()
        self.opened.raise_()
        self.opened.activateWindow()


class PictureWindow(QtWidgets.QWidget):  # type: ignore[misc]
    """A picture, as large as the window.

    Args:
        png: The picture.
        title: Of the window.
        parent: Closes it when it closes.
    """

    def __init__(self, png: bytes, title: str, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent, QtCore.Qt.WindowType.Window)
        self.setObjectName("pictureWindow")
        self._png = png
        self._image = QtGui.QImage.fromData(png)
        self.setWindowTitle(f"{title} ({self._image.width()} × {self._image.height()})")
        self.picture = QtWidgets.QLabel()
        self.save, self.copy = QtWidgets.QPushButton("Save as…"), QtWidgets.QPushButton("Copy")
        self.close_button = QtWidgets.QPushButton("Close")
        self.said = QtWidgets.QLabel()
        self._dialog: QtWidgets.QFileDialog | None = None
        self._lay_out(title)
        screen = QtWidgets.QApplication.primaryScreen().availableGeometry().size() * _SHARE_OF_SCREEN
        wanted = self._image.size()
        if wanted.width() > screen.width() or wanted.height() > screen.height():
            wanted = wanted.scaled(screen, QtCore.Qt.AspectRatioMode.KeepAspectRatio)
        self.resize(max(360, wanted.width() + 16), wanted.height() + 56)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """Esc closes; no key goes on."""
        event.accept()
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.close()
        elif event.matches(QtGui.QKeySequence.StandardKey.Copy):
            self._on_copy_clicked()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """The picture follows."""
        super().resizeEvent(event)
        self._scale()

    def write(self, path: str) -> bool:
        """Write the file; what failed is said."""
        if not path:
            return False
        try:
            if Path(path).suffix.lower() in ("", ".png"):
                Path(path).with_suffix(".png").write_bytes(self._png)
            elif not self._image.save(path):
                self.said.setText(f"Not saved: {Path(path).suffix} is no format it can be written in, or not there.")
                return False
        except OSError as error:
            self.said.setText(f"Not saved: {error.strerror or error}.")
            return False
        self.said.setText(f"Saved as {Path(path).name}.")
        return True

    def _lay_out(self, title: str) -> None:
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        self.picture.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.picture.setMinimumSize(80, 60)
        self.picture.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Ignored)
        self.picture.setAccessibleName(f"Picture of {title}")
        self.said.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.said.setMinimumWidth(1)
        layout.addWidget(self.picture, 1)
        row = QtWidgets.QHBoxLayout()
        for button in (self.save, self.copy):
            row.addWidget(button)
        row.addWidget(self.said, 1)
        row.addWidget(self.close_button)
        layout.addLayout(row)
        for button in (self.save, self.copy, self.close_button):
            button.setAutoDefault(True)
        self.save.clicked.connect(self._on_save_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.close_button.clicked.connect(self.close)

    def _scale(self) -> None:
        if self._image.isNull():
            self.picture.setText("This picture cannot be read.")
            return
        ratio = self.devicePixelRatioF()
        keep, smooth = QtCore.Qt.AspectRatioMode.KeepAspectRatio, QtCore.Qt.TransformationMode.SmoothTransformation
        room = self.picture.size() * ratio
        if room.width() >= self._image.width() and room.height() >= self._image.height():
            room = self._image.size()
        shown = QtGui.QPixmap.fromImage(self._image.scaled(room, keep, smooth))
        shown.setDevicePixelRatio(ratio)
        self.picture.setPixmap(shown)

    def _on_save_clicked(self) -> None:
        """Without a loop of its own, which asyncio's would not survive."""
        dialog = QtWidgets.QFileDialog(self, "Save the picture", "picture.png", "PNG (*.png);;JPEG (*.jpg)")
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(self.write)
        self._dialog = dialog
        dialog.open()

    def _on_copy_clicked(self) -> None:
        QtWidgets.QApplication.clipboard().setImage(self._image)
        self.said.setText("Copied.")
