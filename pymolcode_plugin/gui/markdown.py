"""Markdown of a model, which is data: to HTML without raw HTML, images or remote resources."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from .qt import QtGui

_FENCE = re.compile(r"^\s*(```|~~~)")
# Qt lays these out in seconds, or minutes: such a block is shown as it is written.
_DEEP = re.compile(r"^[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]*){12,}", re.MULTILINE)
_MAX_CELLS = 600
_MAX_BLOCK_CHARS = 4000  # the block that grows is laid out again and again


def to_html(text: str) -> str:
    """HTML for a label; raw HTML in the text is shown as text, images become links."""
    if text.count("|") > _MAX_CELLS or _DEEP.search(text):
        return f"<pre style='white-space: pre-wrap'>{html.escape(text)}</pre>"
    document = QtGui.QTextDocument()
    document.setMarkdown(text.replace("![", "["), _without_html())
    return str(document.toHtml())


def _without_html() -> Any:  # noqa: ANN401  # a flag type of the binding
    feature = QtGui.QTextDocument.MarkdownFeature
    # PyQt5 alone needs its flags class; its enum members would add up to a plain int.
    flags = getattr(QtGui.QTextDocument, "MarkdownFeatures", lambda value: value)
    return flags(feature.MarkdownDialectGitHub) | feature.MarkdownNoHTML


def split_blocks(text: str) -> list[str]:
    """Cut at blank lines outside code fences, and where a block gets long; only the last one can still change."""
    blocks: list[list[str]] = [[]]
    n_chars, fence = 0, ""
    for line in _short_lines(text):
        if not line.strip() and not fence:
            if blocks[-1]:
                blocks.append([])
                n_chars = 0
            continue
        if blocks[-1] and n_chars + len(line) > _MAX_BLOCK_CHARS:
            if fence:
                blocks[-1].append(_marker(fence))
            blocks.append([fence] if fence else [])
            n_chars = 0
        blocks[-1].append(line)
        n_chars += len(line) + 1
        if _FENCE.match(line):
            fence = "" if fence else line
    return ["\n".join(block) for block in blocks if block]


def _short_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from (line[at : at + _MAX_BLOCK_CHARS] for at in range(0, len(line) or 1, _MAX_BLOCK_CHARS))


def _marker(fence: str) -> str:
    return "~~~" if fence.lstrip().startswith("~~~") else "```"
