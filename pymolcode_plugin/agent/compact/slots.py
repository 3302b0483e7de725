"""Reads a request into tagged words, with the live scene's names; decides nothing about what to do."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from ...core.scene import SceneSnapshot
from .words import ONE_LETTER, patterns, vocabulary, words


@dataclass(frozen=True)
class Tag:
    """A stretch of the request: what kind of thing it is, its value, and how it was written."""

    kind: str
    value: str
    text: str = ""


@dataclass(frozen=True)
class SceneNames:
    """The names a request may use."""

    objects: tuple[str, ...] = ()
    selections: tuple[str, ...] = ()
    chains: tuple[str, ...] = ()
    ligands: tuple[str, ...] = ()

    @classmethod
    def of(cls, scene: SceneSnapshot) -> SceneNames:
        """Collect the names of a snapshot, each once, in order."""
        chains = dict.fromkeys(c.chain for o in scene.objects for c in o.chains if c.chain)
        ligands = dict.fromkeys(item.resn for o in scene.objects for item in o.ligands)
        return cls(
            objects=scene.object_names(),
            selections=tuple(item.name for item in scene.selections),
            chains=tuple(chains),
            ligands=tuple(ligands),
        )


_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = r"\d+(?:\s?(?:-|–|to|through|until|:)\s?\d+)?"
_LIST = rf"{_RANGE}(?:(?:\s?,\s?(?:and\s)?|\s?and\s|\s?\+\s?|\s?&\s?){_RANGE})*"
_RESIDUE = (
    r"(?:residues?|resid(?:ue)?s?|resi|aa|res|amino acids?|positions?)\s?(?:numbers?\s|ids?\s|no\.?\s)?"
    rf"({_LIST})\b(?!\s?(?:å|a\b|angstr|%))"
)
_CHAIN = (
    r"(?:chains?|subunits?|monomers?)\s"
    r"((?:[a-z0-9])(?:(?:\s?,\s?|\s?and\s|\s?\+\s?|\s?&\s?|\s?,\s?and\s)(?:chain\s)?[a-z0-9]\b)*)\b"
)
_CHAIN_AFTER = r"\b([a-z0-9])\s(?:chain|subunit|monomer)\b"
_DISTANCE = rf"({_NUMBER})\s?(?:å|a\b|angstroe?ms?\b|ångströ?ms?\b)"


def mend(request: str, names: SceneNames) -> str:
    """Lower-case the request and mend words that are one slip away from a known one."""
    known = {name.lower() for name in (*names.objects, *names.selections, *names.ligands)}

    def _mend(match: re.Match[str]) -> str:
        word = match.group(0)
        if word in known or len(word) < 5 or _is_known(word):
            return word
        close = difflib.get_close_matches(word, sorted(vocabulary()), n=1, cutoff=0.82)
        return close[0] if close and _is_slip(word, close[0]) else word

    text = request.lower().strip().rstrip("?.! ")
    return re.sub(r"(?<![\w.])[a-zåö]+(?![\w.])", _mend, text)


def _is_slip(word: str, meant: str) -> bool:
    """Of short words only letters swapped or left out: "bound" is a word of its own, not a slip for "bond"."""
    return word[0] == meant[0] and (len(word) > 5 or sorted(word) == sorted(meant) or len(word) < len(meant))


def _is_known(word: str) -> bool:
    if word in vocabulary() or any(pattern.fullmatch(word) for _, _, pattern in patterns()):
        return True
    return any(re.fullmatch(phrase, word) for phrase in words().amino_acids.values())


def read(request: str, names: SceneNames) -> list[Tag]:
    """Tag a request from left to right, the longest reading first; words nobody knows get the kind `unknown`."""
    original = request.strip().rstrip("?.! ")
    text = mend(request, names)
    if len(original) != len(text):
        original = text  # mended words shift the columns: names are then taken as mended
    tags: list[Tag] = []
    position = 0
    while position < len(text):
        end_of_sentence = re.compile(r"[.!?]+(?=\s|$)").match(text, position)
        if end_of_sentence:
            tags.append(Tag("stop", ".", "."))
            position = end_of_sentence.end()
            continue
        blank = re.compile(r"[\s\"'`()\[\]:!?]+|\.(?!\w)").match(text, position)
        if blank:
            position = blank.end()
            continue
        tag, end = _next(text, original, position, names, tags)
        if tag.kind in ("verb", "negated") and tags and tags[-1].text == "but":
            tags[-1] = Tag("conj", ",", "but")  # "hide the waters but keep the ions" excepts nothing
        tags.append(tag)
        position = end
    return tags


def _next(text: str, original: str, position: int, names: SceneNames, before: list[Tag]) -> tuple[Tag, int]:
    special = _special(text, original, position, names, before)
    best = special
    for kind, value, pattern in patterns():
        match = pattern.match(text, position)
        if match and match.group(0) and (best is None or match.end() > best[1]):
            best = Tag(kind, value, match.group(0)), match.end()
    if best is not None:
        return best
    if text[position] in ",;":
        return Tag("conj", ",", text[position]), position + 1
    number = re.compile(rf"({_NUMBER})\s?(%|percent)?").match(text, position)
    if number:
        percent = number.group(2) is not None
        return Tag("percent" if percent else "number", number.group(1), number.group(0)), number.end()
    word = re.compile(r"[^\s,;()'\"?!]+?(?=[.]?(?:[\s,;()'\"?!]|$))").match(text, position)
    end = word.end() if word else position + 1
    return Tag("unknown", original[position:end], text[position:end]), end


def _special(text: str, original: str, position: int, names: SceneNames, before: list[Tag]) -> tuple[Tag, int] | None:
    for reader in (_file, _free_name, _scene_name, _chain, _residue, _amino, _distance, _atoms, _atom):
        found = reader(text, original, position, names, before)
        if found is not None:
            return found
    return None


_Found = tuple[Tag, int] | None


def _file(text: str, original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    match = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(png|pdb|cif|pse)\b").match(text, position)
    return (Tag("file", original[position : match.end()]), match.end()) if match else None


def _free_name(text: str, original: str, position: int, _names: SceneNames, before: list[Tag]) -> _Found:
    if not before or not (before[-1].kind == "name_it" or before[-1].text.endswith(" object")):
        return None
    match = re.compile(r"['\"]?([a-z_]\w*)").match(text, position)
    if match is None or (before[-1].kind != "name_it" and _is_known(match.group(1))):
        return None  # in "make a new object of chain A" no name stands there
    return Tag("free_name", original[match.start(1) : match.end(1)]), match.end()


def _scene_name(text: str, _original: str, position: int, names: SceneNames, _before: list[Tag]) -> _Found:
    for kind, group in (
        ("object", names.objects),
        ("selection", names.selections),
        ("ligand_name", names.ligands),
    ):
        for name in sorted(group, key=len, reverse=True):
            if re.compile(rf"{re.escape(name.lower())}(?!\w)").match(text, position):
                return Tag(kind, name, name), position + len(name)
    return None


def _chain(text: str, _original: str, position: int, names: SceneNames, _before: list[Tag]) -> _Found:
    match = re.compile(_CHAIN).match(text, position) or re.compile(_CHAIN_AFTER).match(text, position)
    if not match:
        both = re.compile(r"(both|all( the)?|each|every) (chains?|subunits?|monomers?)\b").match(text, position)
        return (Tag("filler", "", both.group(0)), both.end()) if both and names.chains else None
    letters = re.findall(r"\b[a-z0-9]\b", match.group(1))
    real = {chain.lower(): chain for chain in reversed(names.chains)}
    value = "+".join(real.get(letter, letter.upper()) for letter in letters)
    return Tag("chain", value, match.group(0)), match.end()


def _residue(text: str, _original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    match = re.compile(_RESIDUE).match(text, position)
    return (Tag("resi", _numbers(match.group(1)), match.group(0)), match.end()) if match else None


def _numbers(text: str) -> str:
    text = re.sub(r"\s?(–|to|through|until|:)\s?", "-", text)
    return "+".join(re.findall(r"\d+(?:-\d+)?", re.sub(r"\s", " ", text)))


def _amino(text: str, original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    for name, phrase in words().amino_acids.items():
        pattern = rf"(?:{phrase})(?:[\s-]?(?P<numbers>{_LIST})(?!\w))?(?: residues?)?(?![a-z])"
        match = re.compile(pattern).match(text, position)
        if match:
            return Tag("residue", f"{name}:{_numbers(match['numbers'] or '')}", match.group(0)), match.end()
    match = re.compile(r"([acdefghiklmnpqrstvwy])(\d+)(?!\w)").match(text, position)
    if match and original[position].isupper():
        value = f"{ONE_LETTER[match.group(1).upper()]}:{match.group(2)}"
        return Tag("residue", value, match.group(0)), match.end()
    return None


def _distance(text: str, _original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    match = re.compile(_DISTANCE).match(text, position)
    return (Tag("distance", match.group(1), match.group(0)), match.end()) if match else None


def _atoms(text: str, _original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    """Atoms joined by hyphens, as in "the N-CA-C angle"."""
    match = re.compile(r"[a-z]{1,2}\d?(?:-[a-z]{1,2}\d?){1,3}(?!\w)").match(text, position)
    names = match.group(0).upper().split("-") if match else []
    if match is None or not set(names) <= words().atom_names:
        return None
    return Tag("atoms", "+".join(names), match.group(0)), match.end()


def _atom(text: str, original: str, position: int, _names: SceneNames, _before: list[Tag]) -> _Found:
    alpha = re.compile(r"(c[- ]?alphas?|alpha[- ]carbons?|cas)(?: atoms?)?(?!\w)").match(text, position)
    if alpha:
        return Tag("atom", "CA", alpha.group(0)), alpha.end()
    match = re.compile(r"([a-z]{1,2}\d?)(?!\w)(\s?atoms?(?!\w))?").match(text, position)
    if not match or match.group(1).upper() not in words().atom_names:
        return None
    written = original[match.start(1) : match.end(1)]
    if len(written) == 1 and not (written.isupper() and match.group(2)):
        return None
    return Tag("atom", match.group(1).upper(), match.group(0)), match.end()
