"""What stands in an empty transcript: what one can try on what is loaded, each a click away from being written down."""

from __future__ import annotations

from collections.abc import Sequence

from .labels import breakable, plain_label
from .qt import QtCore, QtGui, QtWidgets, Signal

_PADDING_PX = 26  # what the style sheet has around the words
_USUAL = ("What is loaded?", "What can you do?")


class Example(QtWidgets.QPushButton):  # type: ignore[misc]  # pymol.Qt is untyped
    """A button whose words break into lines, which Qt's own cuts off in a narrow panel."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.setObjectName("example")
        self.setAutoDefault(True)
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        # Else the longest example would set how narrow the panel can be.
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Fixed)

    def say(self, words: str) -> None:
        """Show these words."""
        self.words = words
        self.setToolTip(words)
        self.setAccessibleName(f"Write down: {words}")
        self._break()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, other lines."""
        super().resizeEvent(event)
        self._break()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Another font, other lines."""
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange):
            self._break()

    def _break(self) -> None:
        room = max(self.width() - _PADDING_PX, 60)
        lines = [""]
        for word in self.words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.fontMetrics().horizontalAdvance(longer) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        text = "\n".join(lines).replace("&", "&&")  # one alone would underline the next letter
        if text != self.text():
            self.setText(text)


class EmptyState(QtWidgets.QScrollArea):  # type: ignore[misc]  # pymol.Qt is untyped
    """A greeting, what is loaded, examples, and the tour.

    Signals:
        example_chosen: An example was clicked; carries its text.
        tour_requested: The tour was clicked.
        appeared: It is on screen; what is loaded should be read.
        disappeared: It is on screen no more.
    """

    example_chosen = Signal(str)
    tour_requested = Signal()
    appeared = Signal()
    disappeared = Signal()

    def __init__(self, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.setWidgetResizable(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.examples: list[Example] = []
        self._loaded = plain_label("", "loaded")
        self.tour = QtWidgets.QPushButton("Take the tour (one minute)")
        self._rows = QtWidgets.QVBoxLayout()
        self._lay_out()
        self.show_examples("", _USUAL)

    def show_examples(self, loaded: str, examples: Sequence[str]) -> None:
        """Show what is loaded and what to try on it; the keyboard stays where it was.

        Args:
            loaded: On a line; empty where nothing is.
            examples: Written down when clicked.
        """
        self._loaded.setText(f"Loaded: {breakable(loaded)}." if loaded else "Nothing is loaded yet.")
        while len(self.examples) < len(examples):
            self.examples.append(self._example())
        for button in self.examples[len(examples) :]:
            self._rows.removeWidget(button)
            button.hide()
            button.deleteLater()
        del self.examples[len(examples) :]
        for button, words in zip(self.examples, examples, strict=True):  # the same buttons: one may have the keyboard
            button.say(words)

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        """The scene is read only while somebody sees this."""
        super().showEvent(event)
        self.appeared.emit()

    def hideEvent(self, event: QtGui.QHideEvent) -> None:
        """See `showEvent`."""
        super().hideEvent(event)
        self.disappeared.emit()

    def _lay_out(self) -> None:
        inside = QtWidgets.QWidget()
        inside.setObjectName("emptyInside")
        layout = QtWidgets.QVBoxLayout(inside)
        layout.setContentsMargins(2, 0, 2, 0)
        self._rows.setSpacing(6)
        layout.addStretch()
        layout.addWidget(plain_label("Ask about what you see", "emptyTitle"))
        layout.addWidget(plain_label("Every step is shown with what it changed, and Undo turn takes it back.", "faint"))
        layout.addWidget(self._loaded)
        layout.addWidget(plain_label("Try, or right-click an atom in the viewer:", "faint"))
        layout.addLayout(self._rows)
        self.tour.setObjectName("tour")
        self.tour.setToolTip("On 1HPV, a protein with a drug in it that comes with PyMOL; no model is needed")
        self.tour.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.tour.setMinimumWidth(1)
        self.tour.setAutoDefault(True)
        self.tour.clicked.connect(lambda _checked=False: self.tour_requested.emit())
        layout.addSpacing(6)
        layout.addWidget(self.tour)
        layout.addStretch()
        self.setWidget(inside)

    def _example(self) -> Example:
        button = Example()
        button.clicked.connect(lambda _checked=False: self.example_chosen.emit(button.words))
        self._rows.addWidget(button)
        return button
