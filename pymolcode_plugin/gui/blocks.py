"""Markdown cut into what is laid out by itself: paragraphs, code and tables; no Qt, so that it is quick to test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_MAX_BLOCK_CHARS = 4000  # the block that grows is laid out again and again
_FENCE = re.compile(r"^(?P<indent>\s*)(?P<marks>`{3,}|~{3,})(?P<info>[^`]*)$")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]?)(?:\s|$)")
_INDENTED = re.compile(r"^(?: {2,}|\t)\S")


class Block(NamedTuple):
    """A part of an answer.

    Attributes:
        kind: How it is shown.
        text: Its Markdown; of code the code alone.
        language: What stands after the fence, lower case; empty where nothing does.
        closed: Code whose fence has ended; of others always true.
    """

    kind: Literal["text", "code", "table"]
    text: str
    language: str = ""
    closed: bool = True

    @property
    def markdown(self) -> str:
        """As it would be written."""
        if self.kind != "code":
            return self.text
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", self.text)), default=0))
        return "\n".join((f"{fence}{self.language}", *([self.text] if self.text else []), fence))


def split_blocks(text: str) -> list[Block]:
    """The blocks in order. While the text grows, only the last one changes, or the last one is cut in two."""
    blocks: list[Block] = []
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        fence = _fence(lines[at])
        if fence:
            block, at = _code(lines, at, fence)
            blocks.append(block)
        elif not lines[at].strip():
            at += 1
        elif _begins_table(lines, at):
            end = _end_of_table(lines, at)
            blocks += (Block("table", part) for part in _short_parts(lines[at:end]))
            at = end
        else:
            end = _end_of_text(lines, at)
            blocks += (Block("text", part) for part in _short_parts(lines[at:end]))
            at = end
    return blocks


def _code(lines: list[str], at: int, fence: re.Match[str]) -> tuple[Block, int]:
    """A code block whose fence stands at a line, and where what follows begins."""
    marks, indent = fence["marks"], len(fence["indent"])
    language = (fence["info"].split() or [""])[0].lower()
    code: list[str] = []
    for number in range(at + 1, len(lines)):
        line = lines[number].strip()
        if line.startswith(marks) and not line.strip(marks[0]):
            return Block("code", "\n".join(code), language), number + 1
        code.append(_without_indent(lines[number], indent))
    return Block("code", "\n".join(code), language, closed=False), len(lines)


def _without_indent(line: str, indent: int) -> str:
    """Code in a list is indented as the list is."""
    n_blank = len(line) - len(line.lstrip(" \t"))
    return line[min(indent, n_blank) :]


def _fence(line: str) -> re.Match[str] | None:
    return _FENCE.match(line) if "```" in line or "~~~" in line else None


def _begins_table(lines: list[str], at: int) -> bool:
    return "|" in lines[at] and at + 1 < len(lines) and "|" in lines[at + 1] and bool(_RULE.match(lines[at + 1]))


def _end_of_table(lines: list[str], at: int) -> int:
    end = at + 2
    while end < len(lines) and "|" in lines[end] and not _fence(lines[end]):
        end += 1
    return end


def _end_of_text(lines: list[str], at: int) -> int:
    """Up to a blank line, code or a table; a list goes on over blank lines, or its numbers would begin anew."""
    end = at + 1
    while end < len(lines):
        line = lines[end]
        if _fence(line) or _begins_table(lines, end):
            return end
        if not line.strip():
            following = next((number for number in range(end, len(lines)) if lines[number].strip()), len(lines))
            if following == len(lines) or not _goes_on(lines[following]) or not _has_item(lines, at, end):
                return end
            end = following
        end += 1
    return end


def _has_item(lines: list[str], start: int, stop: int) -> bool:
    return any(_ITEM.match(lines[number]) for number in range(start, stop))


def _goes_on(line: str) -> bool:
    return bool(_ITEM.match(line) or _INDENTED.match(line)) and not _fence(line)


def _short_parts(lines: list[str]) -> Iterator[str]:
    """Together, cut where that gets long."""
    whole = "\n".join(lines)
    if len(whole) <= _MAX_BLOCK_CHARS:
        yield whole
        return
    part: list[str] = []
    n_chars = 0
    for line in [piece for long in lines for piece in _short_lines(long)]:
        if part and n_chars + len(line) > _MAX_BLOCK_CHARS:
            yield "\n".join(part)
            part, n_chars = [], 0
        part.append(line)
        n_chars += len(line) + 1
    if part:
        yield "\n".join(part)


def _short_lines(line: str) -> Iterator[str]:
    return (line[at : at + _MAX_BLOCK_CHARS] for at in range(0, len(line) or 1, _MAX_BLOCK_CHARS))
