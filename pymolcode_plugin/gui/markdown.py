"""Markdown of a model, which is data: into a document without raw HTML, images or remote resources."""

from __future__ import annotations

import re
from typing import Any

from .qt import QtGui

# Qt lays these out in seconds, or minutes: such a block is shown as it is written.
_DEEP = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]*){12,}", re.MULTILINE)
_MAX_CELLS = 600
_NUMBERED = re.compile(r"^( {0,3})(\d{1,9})([.)])(?=\s)", re.MULTILINE)
_CELL_PADDING_PX = 4


def fill(document: QtGui.QTextDocument, text: str, link: QtGui.QColor | None = None) -> None:
    """Replace what a document holds; raw HTML in the text is shown as text, images become links.

    Args:
        document: Of a widget.
        text: Markdown, one block of it.
        link: Colour of links; that of the application where it is not given.
    """
    if text.count("|") > _MAX_CELLS or _DEEP.search(text):
        document.setPlainText(text)
        return
    document.setMarkdown(_with_its_numbers(text.replace("![", "[")), _without_html())
    _restyle(document, link)


def plain(text: str) -> str:
    """What a reader sees of a block, its positions those of the document."""
    document = QtGui.QTextDocument()
    fill(document, text)
    return str(document.toPlainText())


def n_columns(document: QtGui.QTextDocument) -> int:
    """Of the widest table in a document."""
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QtGui.QTextTable)]
    return max((int(table.columns()) for table in tables), default=1)


def _without_html() -> Any:  # noqa: ANN401  # a flag type of the binding
    feature = QtGui.QTextDocument.MarkdownFeature
    # PyQt5 alone needs its flags class; its enum members would add up to a plain int.
    flags = getattr(QtGui.QTextDocument, "MarkdownFeatures", lambda value: value)
    return flags(feature.MarkdownDialectGitHub) | feature.MarkdownNoHTML


def _with_its_numbers(text: str) -> str:
    """A list that goes on after code keeps its numbers, which Qt would begin at 1 again."""
    first = _NUMBERED.match(text)
    return text if first is None or int(first[2]) == 1 else _NUMBERED.sub(r"\1\2\\\3", text)


def _restyle(document: QtGui.QTextDocument, link: QtGui.QColor | None) -> None:
    """Headings as large as fits a narrow panel, thin lines in tables, links in a colour that can be read."""
    cursor = QtGui.QTextCursor(document)
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel():
            _make_heading(cursor, block)
        if link is not None:
            _colour_links(cursor, block, link)
        block = block.next()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QtGui.QTextTable):
            _thin_lines(frame)


def _make_heading(cursor: QtGui.QTextCursor, block: QtGui.QTextBlock) -> None:
    cursor.setPosition(block.position())
    cursor.movePosition(QtGui.QTextCursor.MoveOperation.EndOfBlock, QtGui.QTextCursor.MoveMode.KeepAnchor)
    change = QtGui.QTextCharFormat()
    change.setProperty(
        QtGui.QTextFormat.Property.FontSizeAdjustment, 1 if block.blockFormat().headingLevel() == 1 else 0
    )
    cursor.mergeCharFormat(change)


def _colour_links(cursor: QtGui.QTextCursor, block: QtGui.QTextBlock, link: QtGui.QColor) -> None:
    for part in block.textFormats():
        if part.format.isAnchor():
            cursor.setPosition(block.position() + part.start)
            cursor.setPosition(block.position() + part.start + part.length, QtGui.QTextCursor.MoveMode.KeepAnchor)
            change = QtGui.QTextCharFormat()
            change.setForeground(link)
            cursor.mergeCharFormat(change)


def _thin_lines(table: QtGui.QTextTable) -> None:
    form = table.format()
    form.setBorder(1)
    form.setBorderStyle(QtGui.QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QtGui.QBrush(QtGui.QColor(128, 128, 128)))
    if hasattr(form, "setBorderCollapse"):  # Qt 5.14
        form.setBorderCollapse(True)
    form.setCellPadding(_CELL_PADDING_PX)
    form.setCellSpacing(0)
    table.setFormat(form)
