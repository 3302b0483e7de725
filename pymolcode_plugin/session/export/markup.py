"""Markdown of an answer as HTML: what models write, everything else as text; no HTML of the answer survives."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+\s*:?-*:?\s*$")
_INLINE = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*|\[([^\]\n]+)\]\((https?://[^\s)]+)\)")


def to_html(text: str) -> str:
    """Paragraphs, headings, lists, tables and code."""
    return "\n".join(_blocks(text.splitlines()))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif _FENCE.match(line):
            at, block = _code(lines, at)
            yield block
        elif match := _HEADING.match(line):
            level = min(6, len(match[1]) + 2)  # below the headings of the page itself
            yield f"<h{level}>{_inline(match[2])}</h{level}>"
            at += 1
        elif _ITEM.match(line):
            at, block = _list(lines, at)
            yield block
        elif "|" in line and at + 1 < len(lines) and _RULE.match(lines[at + 1]):
            at, block = _table(lines, at)
            yield block
        else:
            at, block = _paragraph(lines, at)
            yield block


def _code(lines: list[str], at: int) -> tuple[int, str]:
    match = _FENCE.match(lines[at])
    assert match is not None  # noqa: S101  # the caller looked
    end = at + 1
    while end < len(lines) and not lines[end].strip().startswith(match[1]):
        end += 1
    return end + 1, f"<pre>{html.escape(chr(10).join(lines[at + 1 : end]))}</pre>"


def _list(lines: list[str], at: int) -> tuple[int, str]:
    first = _ITEM.match(lines[at])
    tag = "ol" if first is not None and first[1] else "ul"
    items = []
    while at < len(lines) and (match := _ITEM.match(lines[at])):
        items.append(f"<li>{_inline(match[2])}</li>")
        at += 1
    return at, f"<{tag}>{''.join(items)}</{tag}>"


def _table(lines: list[str], at: int) -> tuple[int, str]:
    head, at = _row(lines[at], "th"), at + 2
    rows = []
    while at < len(lines) and "|" in lines[at]:
        rows.append(_row(lines[at], "td"))
        at += 1
    return at, f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def _row(line: str, tag: str) -> str:
    cells = line.strip().strip("|").split("|")
    return f"<tr>{''.join(f'<{tag}>{_inline(cell.strip())}</{tag}>' for cell in cells)}</tr>"


def _paragraph(lines: list[str], at: int) -> tuple[int, str]:
    end = at + 1
    while end < len(lines) and lines[end].strip() and not (_FENCE.match(lines[end]) or _ITEM.match(lines[end])):
        end += 1
    return end, f"<p>{'<br>'.join(map(_inline, lines[at:end]))}</p>"


def _inline(text: str) -> str:
    parts, at = [], 0
    for match in _INLINE.finditer(text):
        parts += [html.escape(text[at : match.start()]), _span(match)]
        at = match.end()
    return "".join([*parts, html.escape(text[at:])])


def _span(match: re.Match[str]) -> str:
    code, strong, emphasis, words, address = (html.escape(group or "") for group in match.groups())
    if match[1]:
        return f"<code>{code}</code>"
    if match[2]:
        return f"<strong>{strong}</strong>"
    return f"<em>{emphasis}</em>" if match[3] else f'<a href="{address}">{words}</a>'
