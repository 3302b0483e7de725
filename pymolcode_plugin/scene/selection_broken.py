"""What was probably meant by a selection that PyMOL cannot read."""

from __future__ import annotations

import difflib
import re
from typing import Any

from . import selection_text
from .selection_empty import known_words

_INVALID_NAME = re.compile(r'[Ii]nvalid (?:selection name|model) "([^"]*)"')
_RESIDUE = re.compile(r"[A-Za-z]{3}")
_MAX_NAMED = 10


def meant(cmd: Any, selection: str, message: str) -> str:
    """One or two sentences, or an empty string; call on PyMOL's thread.

    Args:
        cmd: The `pymol.cmd` module.
        selection: The text.
        message: PyMOL's complaint about it.
    """
    pieces = selection_text.words(selection)
    lower = [piece.lower() for piece in pieces]
    grammar = _foreign_sign(selection) or _list_with_blank(pieces) or _missing_of(lower) or _missing_left(lower)
    if grammar:
        return grammar
    found = _INVALID_NAME.search(message)
    if found and (text := _unknown_word(cmd, found[1], lower)):
        return text
    return _misplaced(cmd, pieces)


def _list_with_blank(pieces: list[str]) -> str:
    """`chain A, B` and `resi 25, 26`: a list is one word to PyMOL."""
    for at, piece in enumerate(pieces[1:-1], start=1):
        word = pieces[at - 1]
        if not selection_text.keyword(word) or selection_text.keyword(piece):
            continue
        following = pieces[at + 1]
        is_keyword = selection_text.keyword(following) and len(following) > 1
        if piece.endswith(",") and not is_keyword:
            return f"A list is one word: `{word} {piece.rstrip(',')}+{following}`."
        if following.lower() == "to" and at + 2 < len(pieces):
            return f"A range is one word: `{word} {piece}-{pieces[at + 2]}`."
        if (
            re.fullmatch(r"\w{1,4}", following)
            and not is_keyword
            and word.lower() in ("chain", "resi", "resn", "name", "segi", "elem")
        ):
            return f"A list is one word: `{word} {piece}+{following}`; between conditions write `and` or `or`."
    return ""


def _foreign_sign(text: str) -> str:
    if "&&" in text or "||" in text:
        return "Write `and` or `&`, `or` or `|`."
    if "==" in text:
        return "A comparison is written with one `=`, and only of b, q, x, y, z and charges."
    if "!=" in text:
        return "`!=` does not exist: write `not`, e.g. `not chain A`."
    if text.count("(") != text.count(")"):
        return f"The parentheses do not match: {text.count('(')} open, {text.count(')')} close."
    found = re.search(r"\b(resi|resid|residue|index|id)\s*(>=|<=|>|<|=)\s*(\d+)", text, re.IGNORECASE)
    if found:
        word, sign, number = found[1], found[2][0], int(found[3])
        ranges = {">": f"{number}-", "<": f"-{number}", "=": f"{number}"}
        return f"`{word}` has no comparison: write `{word} {ranges[sign]}`."
    return ""


def _missing_of(lower: list[str]) -> str:
    for at, piece in enumerate(lower):
        if piece in ("within", "w.", "near_to", "beyond") and (at + 2 >= len(lower) or lower[at + 2] != "of"):
            return f"Write `SELECTION {piece} 5 of SELECTION`, e.g. `polymer within 5 of organic`; or `X around 5`."
        if piece in ("around", "expand", "extend") and at + 1 < len(lower) and not re.match(r"[\d.]+$", lower[at + 1]):
            return f"Write `SELECTION {piece} 5`, e.g. `organic {piece} 5`."
    return ""


def _missing_left(lower: list[str]) -> str:
    if lower and lower[0] in ("within", "near_to", "beyond", "around", "expand"):
        return f"Something has to stand before `{lower[0]}`, e.g. `all within 5 of organic`, `organic around 5`."
    for at, piece in enumerate(lower):
        after = lower[at + 1] if at + 1 < len(lower) else ""
        if piece in ("and", "or", "&", "|") and after in ("and", "or", "&", "|", ")", "", "within", "around"):
            return f"Something is missing after `{piece}`."
    return ""


def _unknown_word(cmd: Any, word: str, lower: list[str]) -> str:
    names = cmd.get_names("public")
    if f"{word}_" in names and selection_text.keyword(word):
        return f"`{word}` is a selection keyword, so PyMOL named the object `{word}_`."
    same = next((name for name in names if name.lower() == word.lower()), "")
    close = [same] if same else difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(f'`{name}`' for name in close)}?"
    if text := _said_otherwise(cmd, word, lower):
        return text
    here = f"the objects and selections are {', '.join(names[:_MAX_NAMED])}" if names else "the scene is empty"
    return f"There is no object or selection `{word}`; {here}."


def _said_otherwise(cmd: Any, word: str, lower: list[str]) -> str:
    said = word.lower()
    chains = cmd.get_chains("all")
    if word in chains:
        return f"For the chain write `chain {word}`."
    if word.isdigit() and cmd.count_atoms(f"resi {word}"):
        return f"For the residue write `resi {word}`."
    if _RESIDUE.fullmatch(word) and cmd.count_atoms(f"resn {word}"):
        return f"For the residues of that name write `resn {word.upper()}` ({cmd.count_atoms(f'resn {word}')} atoms)."
    if said == "to" and lower:
        return "A range is one word: `resi 50-60`."
    return _in_tables(word, lower) or _typo(said)


def _in_tables(word: str, lower: list[str]) -> str:
    said, tables = word.lower(), known_words()
    for right, wrong in tables["keywords"].items():
        if said in wrong:
            value = next(iter(lower[lower.index(said) + 1 :]), "") if said in lower else ""
            return f"PyMOL has no word `{word}`: write `{right} {value.upper() or _EXAMPLES.get(right, 'A')}`."
    for right, wrong in tables["words"].items():
        if said in wrong:
            return f"PyMOL has no word `{word}`: write `{right}`."
    residue = next((right for right, wrong in tables["residues"].items() if said in wrong), "")
    return f"For the residues write `resn {residue}`." if residue else ""


def _typo(said: str) -> str:
    typo = difflib.get_close_matches(
        said, [*selection_text.CLASSES, "chain", "resi", "resn", "byres", "within"], n=2, cutoff=0.75
    )
    return f"Did you mean {' or '.join(f'`{item}`' for item in typo)}?" if typo else ""


def _misplaced(cmd: Any, pieces: list[str]) -> str:
    """A keyword without its value, e.g. `chain` at the end, or a comparison without its sign."""
    for at, piece in enumerate(pieces):
        long = selection_text.keyword(piece)
        after = pieces[at + 1] if at + 1 < len(pieces) else ""
        if long in ("b", "q", "partial_charge", "formal_charge", "x", "y", "z"):
            if after in ("<", ">", "=", "in"):
                continue
            if f"{piece}_" in cmd.get_names("public"):
                return f"`{piece}` is a selection keyword, so PyMOL named the object `{piece}_`."
            as_chain = f"; for the chain write `chain {piece}`" if piece in cmd.get_chains("all") else ""
            example = f"= {after}" if re.fullmatch(r"-?[\d.]+", after) else "> 50"
            return f"`{piece}` is compared, e.g. `{piece} {example}`{as_chain}."
        if long in ("chain", "resi", "resn", "name", "elem", "segi", "ss", "alt") and after in ("", ")", "and", "or"):
            return f"`{piece}` needs a value, e.g. `{piece} {_EXAMPLES.get(long, 'A')}`."
    return ""


_EXAMPLES = {"resi": "25", "resn": "ASP", "name": "CA", "elem": "C", "ss": "H"}
