"""An answer in the transcript: a row for each paragraph, table and piece of code, in line with a text that grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..core.events import Event, TextDelta
from . import markdown
from .blocks import Block, split_blocks
from .code_block import CodeBlock
from .qt import QtWidgets
from .row_area import Metrics, estimated_lines
from .rows import ChatRow
from .text_block import Link, TextBlock

Linker = Callable[[str], Sequence[Link]]


class Message:
    """An answer: its text, and the rows of its blocks."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.rows: list[BlockRow] = []
        self.linker: Linker | None = None


class BlockRow(ChatRow):
    """A paragraph, table or piece of code of an answer.

    Args:
        message: It is part of.
        block: The Markdown.
        connect: Called with every widget that is made.
    """

    def __init__(self, message: Message, block: Block, connect: Callable[[QtWidgets.QWidget], None]) -> None:
        super().__init__()
        self.message, self.block = message, block
        self._connect = connect
        self._plain: str | None = None

    @property
    def gap(self) -> int:  # type: ignore[override]
        """Blocks of an answer stand as close as paragraphs."""
        return 10 if self.message.rows and self.message.rows[0] is self else 7

    def show(self, block: Block) -> None:
        """The block as it is now, of the same kind."""
        self.block, self._plain = block, None
        if isinstance(self.widget, CodeBlock):
            self.widget.show_code(block.text, closed=block.closed)
        elif self.widget is not None:
            self.widget.show_text(block.text)

    def show_links(self) -> None:
        """The answer ended, and what it speaks of is known."""
        if isinstance(self.widget, TextBlock) and self.message.linker is not None:
            self.widget.show_links(self.message.linker(self.widget.toPlainText()))

    def estimate(self, width: int, metrics: Metrics) -> int:
        """See `Row`."""
        if self.block.kind == "code":
            return (min(30, self.block.text.count("\n") + 1) + 1) * metrics.line_px + 22
        if self.block.kind == "table":
            return (self.block.text.count("\n") + 1) * (metrics.line_px + 9)
        return estimated_lines(self.block.text, width, metrics) * metrics.line_px

    def make(self) -> QtWidgets.QWidget:
        """See `Row`."""
        if self.block.kind == "code":
            code = CodeBlock(self.block.text, self.block.language)
            code.show_code(self.block.text, closed=self.block.closed)
            self._connect(code)
            return code
        text = TextBlock(self.block.text, is_table=self.block.kind == "table")
        if self.message.linker is not None:
            text.show_links(self.message.linker(text.toPlainText()))
        self._connect(text)
        return text

    @property
    def is_held(self) -> bool:
        """See `Row`."""
        return isinstance(self.widget, TextBlock) and bool(self.widget.textCursor().hasSelection())

    def events(self) -> tuple[Event, ...]:
        """See `ChatRow`."""
        is_first = self.message.rows[0] is self
        return (TextDelta(turn_id="", text=self.message.text),) if is_first else ()

    def plain_text(self) -> str:
        """See `ChatRow`; the whole answer's for its first block."""
        return self.message.text.strip("\n") if self.message.rows[0] is self else ""

    def searched(self) -> str:
        """See `ChatRow`."""
        if self.block.kind == "code":
            return self.block.text
        if self._plain is None:
            self._plain = markdown.plain(self.block.text)
        return self._plain

    def roughly(self) -> str:
        """See `ChatRow`."""
        return self.block.text


class Followed(NamedTuple):
    """What a text that grew did to the rows of its answer.

    Attributes:
        changed: The row whose content is another.
        old: Rows that something else stands in place of; where a line says that what stood there was something else.
        new: That, or what comes after all.
    """

    changed: BlockRow | None
    old: list[BlockRow]
    new: list[BlockRow]


def follow(message: Message, connect: Callable[[QtWidgets.QWidget], None]) -> Followed:
    """Bring the rows of an answer in line with its text, which grew."""
    blocks = split_blocks(message.text)
    rows, changed, n_same = message.rows, None, 0
    most = min(len(rows), len(blocks))
    while n_same < most and rows[n_same].block == blocks[n_same]:
        n_same += 1
    if n_same < most and rows[n_same].block.kind == blocks[n_same].kind:
        changed = rows[n_same]
        changed.show(blocks[n_same])
        n_same += 1
    old = rows[n_same:]
    new = [BlockRow(message, block, connect) for block in blocks[n_same:]]
    message.rows = [*rows[:n_same], *new]
    return Followed(changed, old, new)
