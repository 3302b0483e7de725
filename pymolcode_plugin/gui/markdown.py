"""Markdown of a model, which is data: to HTML without raw HTML, images or remote resources."""

from __future__ import annotations

import re
from typing import Any

from .qt import QtGui

_FENCE = re.compile(r"^\s*(```|~~~)")


def to_html(text: str) -> str:
    """HTML for a label; raw HTML in the text is shown as text, images become links."""
    document = QtGui.QTextDocument()
    document.setMarkdown(text.replace("![", "["), _without_html())
    return str(document.toHtml())


def _without_html() -> Any:  # noqa: ANN401  # a flag type of the binding
    feature = QtGui.QTextDocument.MarkdownFeature
    # PyQt5 alone needs its flags class; its enum members would add up to a plain int.
    flags = getattr(QtGui.QTextDocument, "MarkdownFeatures", lambda value: value)
    return flags(feature.MarkdownDialectGitHub) | feature.MarkdownNoHTML


def split_blocks(text: str) -> list[str]:
    """Cut at blank lines outside code fences; only the last block of a stream can still change."""
    blocks: list[list[str]] = [[]]
    inside_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            inside_code = not inside_code
        if not line.strip() and not inside_code:
            if blocks[-1]:
                blocks.append([])
            continue
        blocks[-1].append(line)
    return ["\n".join(block) for block in blocks if block]
