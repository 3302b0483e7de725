"""Takes coordinates out of free text, and leaves sentences as they are; its siblings take sequences and file names.

What PyMOL or a program prints has no fixed form, so the rules look for what a position cannot hide: numbers with
decimals, three in a row, and the records of structure files. Where it is unclear they withhold: three numbers of any
other kind go too where nothing stands between them. They are no protection against a program that writes the same
numbers in disguise; such programs are asked for before they run.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator

NO_COORDINATES = "(coordinates are withheld by the user)"

Span = tuple[int, int]

_RECORD = re.compile(r"(?:^|(?<=\\n))[ \t'\"]*(?:ATOM|HETATM|ANISOU|TER)\b[^\n]*", re.MULTILINE)
_NUMBER = re.compile(r"[-+−]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_UNIT = "(?:Å|A|nm)?"
_DECIMAL = r"[-+−]?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?"
# What may stand between the numbers of one position or matrix.
_FILLER = re.compile(
    r"\\[nrt]|(?:np\.|numpy\.)?\b(?:float(?:16|32|64)?|array|dtype)\b"
    r"|\b(?:min|max)?_?[xyz]_?(?:min|max)?\b|\b(?:and|about|approximately|roughly)\b"
    # The mark of a list item, as models write them.
    r"|(?:(?<=\n)|(?<=\n )|(?<=\n {2})|(?<=\n {3})|(?<=\n {4}))[-+•](?=\s)"
    r"|[\s,;:|/\\()\[\]{}<>'\"=_*`&~≈]+",
    re.IGNORECASE,
)
_MAX_GAP = 60
_WITH_UNIT = rf"\s*{_DECIMAL}\s*{_UNIT}\s*"
_BRACKETED = re.compile(rf"[(\[]{_WITH_UNIT}[,;]{_WITH_UNIT}[,;]{_WITH_UNIT}[)\]]")
_AXIS = re.compile(r"\b[xyz]\b", re.IGNORECASE)
_GOES_ON = re.compile(r"\b[yz]\b", re.IGNORECASE)
_HAS_UNIT = re.compile(r"\s?[Å°%]")
_MARKUP = r"[\s'\"*`_]{0,8}"  # bounded, or a line of blanks takes minutes
_LABELLED = re.compile(
    rf"(?<!chain )(?<!chains )\b[xyz]\b{_MARKUP}(?:[=:≈|]|\bfrom\b|\bis\b){_MARKUP}"
    rf"(?:(?:about|approximately|roughly|around|near)\b|~|≈)?{_MARKUP}{_DECIMAL}"
    rf"(?:\s*(?:to|\.\.|,|–|-)\s*{_DECIMAL})?"
    rf"|(?<![\d.]){_DECIMAL}\s?{_UNIT}\s{{1,3}}(?:along|in|on)\s{{1,3}}(?:the\s{{1,3}})?[xyz]\b(?:[- ]axis\b)?",
    re.IGNORECASE,
)


def without_coordinates(text: str, *, strict: bool = False) -> str:
    """The text with a remark in place of positions, extents and matrices.

    Args:
        text: Anything that was printed.
        strict: It comes from a tool that gives coordinates, so two numbers in a row and lines of numbers alone go too.
    """
    text = _RECORD.sub(lambda match: NO_COORDINATES if re.search(r"\d\.\d", match[0]) else match[0], text)
    text = _BRACKETED.sub(NO_COORDINATES, text)
    text = replaced(text, _positions(text, strict=strict), NO_COORDINATES)
    text = _LABELLED.sub(NO_COORDINATES, text)
    if strict:
        text = "\n".join(NO_COORDINATES if _only_numbers(line) else line for line in text.split("\n"))
    return once(text, NO_COORDINATES)


def runs(
    found: list[re.Match[str]], belong: Callable[[re.Match[str], re.Match[str]], bool]
) -> Iterator[list[re.Match[str]]]:
    """What was found in a text, cut where two neighbours do not belong together."""
    run: list[re.Match[str]] = []
    for match in found:
        if run and not belong(run[-1], match):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def between(one: re.Match[str], other: re.Match[str]) -> str:
    """What stands between two finds of one text."""
    return one.string[one.end() : other.start()]


def replaced(text: str, spans: list[Span], words: str) -> str:
    """The text with `words` in place of each span; the spans are in order and apart."""
    kept, end = [], 0
    for first, last in spans:
        kept += [text[end:first], words]
        end = last
    return "".join((*kept, text[end:]))


def once(text: str, words: str) -> str:
    """A structure's thousand lines become one remark."""
    escaped = re.escape(words)
    return re.sub(rf"{escaped}(?:[\s,;()\[\]{{}}]*{escaped})+", words, text)


def _positions(text: str, *, strict: bool) -> list[Span]:
    numbers = [match for match in _NUMBER.finditer(text) if not _in_a_name(text, match)]
    spans = []
    for run in runs(numbers, _belong):
        n_decimals = sum(map(_is_decimal, run))
        labels = {label.lower() for pair in itertools.pairwise(run) for label in _AXIS.findall(between(*pair))}
        is_position = len(run) > 2 and (n_decimals or {"y", "z"} <= labels)
        if is_position or (strict and len(run) == 2 and n_decimals == 2):
            spans.append((run[0].start(), run[-1].end()))
    return spans


def _belong(one: re.Match[str], other: re.Match[str]) -> bool:
    """Nothing at all stands between the parts of a version, a colon between those of a time.

    Beyond the end of a line only decimals and labelled ones go on, and what has a unit begins something new.
    """
    gap = between(one, other)
    if gap == ":" or len(gap) > _MAX_GAP or _FILLER.sub("", gap):
        return False
    if "\n" not in gap or _GOES_ON.search(gap):
        return True
    return _is_decimal(one) and _is_decimal(other) and not _HAS_UNIT.match(other.string, other.end())


def _is_decimal(match: re.Match[str]) -> bool:
    """A full stop at the end of a line makes no decimal of a number."""
    ends_line = match[0].endswith(".") and match.string[match.end() : match.end() + 1] in ("\n", "")
    return not ends_line and not match[0].lstrip("+-−").isdigit()


def _in_a_name(text: str, match: re.Match[str]) -> bool:
    """The 64 of float64, the 1 of 1hpv, the second dot of a version."""
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
    if match[0].startswith(".") and before.isdigit():
        return True
    if _is_decimal(match):
        return False
    escaped = text[max(0, match.start() - 2) : match.start()] in ("\\n", "\\t", "\\r")
    return (before.isalpha() and not escaped and match[0].isdigit()) or after.isalpha()


def _only_numbers(line: str) -> bool:
    return bool(re.search(r"\d\.\d|\d[eE][-+]\d", line)) and not _FILLER.sub("", _NUMBER.sub("", line))
