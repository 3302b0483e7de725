"""Mentions in a message: `@1hpv`, `@"name with blanks"`, `@/1hpv//A`, `@scene:F1`; how they look, not what they are.

An `@` in the middle of a word, as in an address of e-mail, mentions nothing.
"""

from __future__ import annotations

import re
from typing import Literal

from .scene import Frozen

Kind = Literal["object", "selection", "chain", "ligand", "scene", "file"]
SCENE = "scene:"
_PLAIN = r"[\w./`:+\-^~\\]+"
_MENTION = re.compile(rf"(?<![^\s(\[{{\"'])@(?:\"(?P<quoted>[^\"\n]{{1,300}})\"|(?P<plain>{_PLAIN}))")
_END_OF_SENTENCE = ".:"
_MACRO = re.compile(r"/(?P<object>[^/]*)//(?P<chain>[^/]*)(?:/(?P<resn>[^/`]*)`(?P<resi>[^/]*))?")


class Mentionable(Frozen):
    """Something that can be mentioned.

    Attributes:
        name: For people, e.g. `A` of a chain.
        written: What stands after the `@`, without quotes.
        detail: Where it is and how much of it there is, in words.
    """

    kind: Kind
    name: str
    written: str
    detail: str = ""


def as_written(target: str) -> str:
    """The mention as it stands in a text; empty where nothing can mention this."""
    if re.fullmatch(_PLAIN, target) and not target.endswith(tuple(_END_OF_SENTENCE)):
        return f"@{target}"
    return "" if '"' in target or "\n" in target or not target.strip() else f'@"{target}"'


def mentioned(text: str) -> tuple[str, ...]:
    """What a text mentions, in order, each once."""
    return tuple(dict.fromkeys(target for match in _MENTION.finditer(text) if (target := _target(match))))


def without_marks(text: str) -> str:
    """The text as one would say it: `@1hpv` is `1hpv`, `@/1hpv//A` is `chain A of 1hpv`."""

    def said(match: re.Match[str]) -> str:
        target = _target(match)
        tail = "" if match["quoted"] else match["plain"][len(target) :]
        return f"{_said(target)}{tail}" if target else match[0]

    return _MENTION.sub(said, text)


def chain_of(object_name: str, chain: str) -> str:
    """A chain as a PyMOL selection.

    Source: https://pymolwiki.org/index.php/Selection_Macros
    """
    return f"/{object_name}//{chain}"


def residue_of(object_name: str, chain: str, resn: str, resi: str) -> str:
    """A residue as a PyMOL selection; a minus is escaped, which else would begin a range."""
    return f"{chain_of(object_name, chain)}/{resn}`{resi.replace('-', chr(92) + '-')}"


def place_of(selection: str) -> tuple[str, str, str] | None:
    """Object, chain and residue number of what `chain_of` or `residue_of` wrote, empty where open; None of others."""
    macro = _MACRO.fullmatch(selection)
    if macro is None:
        return None
    return macro["object"], macro["chain"], (macro["resi"] or "").replace("\\", "")


def _target(match: re.Match[str]) -> str:
    return str(match["quoted"] or match["plain"].rstrip(_END_OF_SENTENCE))


def _said(target: str) -> str:
    place = place_of(target)
    if place is None:
        return target.removeprefix(SCENE)
    name, chain, resi = place
    where = " of ".join(filter(None, (chain and f"chain {chain}", name)))
    return f"residue {resi} of {where}" if resi else where
