"""A paragraph or a table of an answer: rich text that is as high as its lines, with links."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from . import markdown
from .qt import QtCore, QtGui, QtWidgets, Signal

ATOMS = "atoms:"  # begins the address of a link to atoms
_COLUMN_PX = 84  # on average; what is narrower is broken at every word
_DARK = 128
_LIGHT_LINK = "#6cb8ff"


class Link(NamedTuple):
    """Characters of a block that speak of atoms.

    Attributes:
        start: Position in the text as it is shown.
        end: Position after it.
        selection: The atoms, as PyMOL's selection expression.
        words: What the tooltip says.
    """

    start: int
    end: int
    selection: str
    words: str = ""


def link_colour(palette: QtGui.QPalette) -> QtGui.QColor:
    """The palette's own, where it can be read on the palette's ground."""
    role = QtGui.QPalette.ColorRole
    colour, text = palette.color(role.Link), palette.color(role.Text)  # a transparent ground says nothing
    is_lost = text.lightness() > _DARK and colour.lightness() <= _DARK
    return QtGui.QColor(_LIGHT_LINK) if is_lost else colour


class TextBlock(QtWidgets.QTextBrowser):  # type: ignore[misc]  # pymol.Qt is untyped
    """Markdown, laid out; it never scrolls up and down, and loads nothing.

    Args:
        text: Markdown.
        is_table: It may scroll sideways rather than widen the panel.

    Signals:
        link_activated: A link of the web was clicked; carries its address.
        atoms_activated: Carries the selection expression.
    """

    link_activated = Signal(str)
    atoms_activated = Signal(str)

    def __init__(self, text: str = "", *, is_table: bool = False) -> None:
        super().__init__()
        self._text = text
        self._links: tuple[Link, ...] = ()
        self._is_table = is_table
        self._fitted = (0, 0)  # width and height
        self._colour = QtGui.QColor()
        self.setObjectName("answer")
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        policy = QtCore.Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(policy.ScrollBarAsNeeded if is_table else policy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QtGui.QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.highlighted.connect(self._on_highlighted)
        self._render()

    def show_text(self, text: str) -> None:
        """Replace the text; links to atoms go."""
        if text != self._text:
            self._text, self._links = text, ()
            self._render()

    def show_links(self, links: Sequence[Link]) -> None:
        """Make characters links to atoms."""
        self._links = tuple(links)
        self._render()

    def height_for(self, width: int) -> int:
        """Height in pixels at a width, all of the text seen."""
        if self._fitted[0] == width:
            return self._fitted[1]
        self._fitted = (width, self._fit_table(width) if self._is_table else self._fit(width))
        return self._fitted[1]

    def _fit(self, width: int) -> int:
        self.document().setTextWidth(width)
        return self._document_height()

    def mark(self, spots: Sequence[tuple[int, int]], current: int) -> None:
        """Mark places as (start, length), one of them stronger; none to take the marks away."""
        self.setExtraSelections([found_mark(self, *spot, strong=n == current) for n, spot in enumerate(spots)])

    def loadResource(self, kind: int, name: QtCore.QUrl) -> None:
        """Nothing is ever loaded: what a model writes must not reach out."""

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:
        """What would scroll this scrolls the transcript."""
        keys = QtCore.Qt.Key
        scrolls = (keys.Key_Up, keys.Key_Down, keys.Key_PageUp, keys.Key_PageDown, keys.Key_Home, keys.Key_End)
        if event.key() in scrolls and event.modifiers() == QtCore.Qt.KeyboardModifier.NoModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QtGui.QWheelEvent) -> None:
        """Sideways where it is wider than its room; else it scrolls the transcript."""
        if self.horizontalScrollBar().maximum() and abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QtCore.QEvent) -> None:
        """Links follow light and dark, the height another font."""
        super().changeEvent(event)
        if event.type() in (QtCore.QEvent.Type.FontChange, QtCore.QEvent.Type.StyleChange) and hasattr(self, "_fitted"):
            self._fitted = (0, 0)
        if (
            event.type() == QtCore.QEvent.Type.PaletteChange
            and self._colour.rgba() != link_colour(self.palette()).rgba()
        ):
            self._render()

    def _render(self) -> None:
        self._fitted = (0, 0)
        self._colour = link_colour(self.palette())
        markdown.fill(self.document(), self._text, self._colour)
        cursor = QtGui.QTextCursor(self.document())
        for link in self._links:
            cursor.setPosition(link.start)
            cursor.setPosition(link.end, QtGui.QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_dotted(link))
        shown = self.toPlainText()
        self.setAccessibleName(shown[:200])
        has_links = bool(self._links) or "](" in self._text or "http" in self._text
        focus = QtCore.Qt.FocusPolicy
        self.setFocusPolicy(focus.StrongFocus if has_links else focus.ClickFocus)

    def _document_height(self) -> int:
        height: int = math.ceil(self.document().size().height())
        return height

    def _fit_table(self, width: int) -> int:
        """As wide as its room, its cells wrapped; wider only where they would be too narrow to be read."""
        document = self.document()
        self.setLineWrapMode(QtWidgets.QTextEdit.LineWrapMode.FixedPixelWidth)
        document.setTextWidth(-1)
        readable = markdown.n_columns(document) * _COLUMN_PX
        wanted: int = max(width, min(math.ceil(document.idealWidth()) + 2, readable))
        self.setLineWrapColumnOrWidth(wanted)
        document.setTextWidth(wanted)
        bar = int(self.horizontalScrollBar().sizeHint().height()) if wanted > width else 0
        return self._document_height() + bar + 2

    def _on_highlighted(self, url: QtCore.QUrl) -> None:
        """What a link to atoms selects stands in its tooltip."""
        address = QtCore.QUrl(url).toString()
        words = next((link.words or link.selection for link in self._links if _address(link) == address), address)
        QtWidgets.QToolTip.showText(QtGui.QCursor.pos(), words, self)

    def _on_anchor_clicked(self, url: QtCore.QUrl) -> None:
        address = url.toString()
        for link in self._links:
            if _address(link) == address:
                self.atoms_activated.emit(link.selection)
                return
        if not address.startswith(ATOMS):
            self.link_activated.emit(address)


def found_mark(
    widget: QtWidgets.QTextEdit | QtWidgets.QPlainTextEdit, start: int, length: int, *, strong: bool
) -> QtWidgets.QTextEdit.ExtraSelection:
    """A place that a search found, in colours of its own: the selection's are grey without the keyboard."""
    mark = QtWidgets.QTextEdit.ExtraSelection()
    cursor = QtGui.QTextCursor(widget.document())
    end = max(0, widget.document().characterCount() - 1)
    cursor.setPosition(min(start, end))
    cursor.setPosition(min(start + length, end), QtGui.QTextCursor.MoveMode.KeepAnchor)
    mark.cursor = cursor
    mark.format.setBackground(QtGui.QColor("#ff9632" if strong else "#ffe08a"))
    mark.format.setForeground(QtGui.QColor("#000000"))
    return mark


def _dotted(link: Link) -> QtGui.QTextCharFormat:
    change = QtGui.QTextCharFormat()
    change.setAnchor(True)
    change.setAnchorHref(_address(link))
    change.setUnderlineStyle(QtGui.QTextCharFormat.UnderlineStyle.DotLine)
    return change


def _address(link: Link) -> str:
    """Of plain characters only: an address is normalised, an expression must not be."""
    return f"{ATOMS}{link.start}"
