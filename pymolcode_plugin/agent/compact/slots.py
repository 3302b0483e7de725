"""Reads a request into tagged words, with the live scene's names; decides nothing about what to do."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace

from ...core.scene import SceneSnapshot
from .words import ONE_LETTER, all_words, patterns, vocabulary, words


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
        # "angle" stays the verb when a measurement has that name, as the second one of a chat would find.
        measurements = {o.name for o in scene.objects if o.type == "object:measurement" and _is_phrase(o.name.lower())}
        return cls(
            objects=tuple(name for name in scene.object_names() if name not in measurements),
            selections=tuple(item.name for item in scene.selections),
            chains=tuple(chains),
            ligands=tuple(ligands),
        )


_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "α": "alpha", "β": "beta", "Å": "Å", "‐": "-", "\u00a0": " "}
)
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = r"\d+(?:\s?(?:-|–|to|through|until|:)\s?\d+)?"
_LIST = rf"{_RANGE}(?:(?:\s?,\s?(?:and\s)?|\s?and\s|\s?\+\s?|\s?&\s?){_RANGE})*"
_RESIDUE = (
    r"(?:residues?|resid(?:ue)?s?|resi|aa|res|amino acids?|positions?)\s?(?:numbers?\s|ids?\s|no\.?\s)?"
    rf"({_LIST})\b(?!\s?(?:å|a\b|angstr|%))"
)
_A_CHAIN = r"(?:chains?|subunits?|(?:mono|proto)mers?)"
_CHAIN = (
    rf"{_A_CHAIN}\s((?:[a-z0-9])(?:(?:\s?,\s?|\s?and\s|\s?\+\s?|\s?&\s?|\s?,\s?and\s)"
    rf"(?:{_A_CHAIN}\s)?[a-z0-9]\b)*)\b"
)
_CHAIN_RANGE = re.compile(rf"(?i:{_A_CHAIN})\s([A-Z0-9])(?:\s?[-–]\s?|\s(?:to|through)\s)([A-Z0-9])\b")
_CHAIN_AFTER = rf"\b([a-z0-9])\s{_A_CHAIN}\b"
_OF = re.compile(r"(?:of|in|from|for|on)$")
_AFTER_NAME = re.compile(r"\s+(?:from|of|out|with|containing|that|which)\b|\s*[=:]")
_NO_NAME = {"of", "from", "with", "for", "out", "in", "containing", "called", "named", "that", "which", "on"}
_DISTANCE = rf"({_NUMBER})\s?(?:å|a\b|angstroe?ms?\b|ångströ?ms?\b)"


_B_FACTOR = (
    r"(?:with (?:a )?)?(?:b[- ]?(?:factors?|values?)|temperature factors?)\s*(?:of |is |are |being )?"
    r"(?:(?P<sign>[<>])=?|(?P<word>above|over|(?:greater|more|larger|higher|less|lower|smaller) than|below|under))"
    r"\s*(?P<number>\d+(?:\.\d+)?)"
)


def mend(request: str, names: SceneNames) -> str:
    """The request with words mended that are one slip away from a known one."""
    known = {name.lower() for name in (*names.objects, *names.selections, *names.ligands)}

    def _mend(match: re.Match[str]) -> str:
        word = match.group(0).lower()
        if word in known:
            return match.group(0)
        around = match.string[max(0, match.start() - 1) : match.end() + 1]
        if match.group(0) in words().typos and "-" not in around:  # the N of "N-CA-C" is no "n" for "and"
            return words().typos[word]
        if len(word) < 5 or _is_known(word):
            return match.group(0)
        close = difflib.get_close_matches(word, sorted(vocabulary()), n=1, cutoff=0.82)
        return close[0] if close and _is_slip(word, close[0]) else match.group(0)

    return re.sub(r"(?<![\w.])[A-Za-zåö]+(?![\w.])", _mend, _plain(request))


def _plain(request: str) -> str:
    """One way to write quotes, Ångström and numbers before a unit; no mark at the end."""
    text = request.translate(_TYPOGRAPHY).strip().rstrip("?.! ")
    numbers = words().numbers
    before_unit = rf"\b({'|'.join(numbers)})\b(?=[\s-](?:angstr|ångstr|å|a\b|deg|percent|per cent|%))"
    return re.sub(before_unit, lambda match: numbers[match.group(1).lower()], text, flags=re.IGNORECASE)


def _is_slip(word: str, meant: str) -> bool:
    """Of short words only letters swapped or left out: "bound" is a word of its own, not a slip for "bond"."""
    return word[0] == meant[0] and (len(word) > 5 or sorted(word) == sorted(meant) or len(word) < len(meant))


def _is_known(word: str) -> bool:
    return word in vocabulary() or word in all_words() or _is_phrase(word)


def _is_phrase(word: str) -> bool:
    """Whether it says something by itself."""
    phrases = words().amino_acids.values()
    return any(pattern.fullmatch(word) for _, _, pattern in patterns()) or any(re.fullmatch(p, word) for p in phrases)


def read(request: str, names: SceneNames) -> list[Tag]:
    """Tag a request from left to right, the longest reading first; words nobody knows get the kind `unknown`."""
    return _Reader(mend(request, names), names).read()


_Found = tuple[Tag, int] | None


class _Reader:
    """Goes through a request once; `tags` is what was read so far."""

    def __init__(self, request: str, names: SceneNames) -> None:
        self._text = request.lower()
        self._original = request if len(request) == len(self._text) else self._text
        self._names = names
        self._at = 0
        self.tags: list[Tag] = []

    def read(self) -> list[Tag]:
        """Tag everything."""
        while self._at < len(self._text):
            if self._skip_blank():
                continue
            tag, self._at = self._next()
            self._add(tag)
        return self.tags

    def _skip_blank(self) -> bool:
        end_of_sentence = self._match(r"[.!?]+(?=\s|$)|:(?=\s)")
        if end_of_sentence:
            self.tags.append(Tag("stop", end_of_sentence.group(0)[0], end_of_sentence.group(0)))
        blank = end_of_sentence or self._match(r"'s\b|[\s\"'`()\[\]:!?]+|\.(?!\w)")
        if blank:
            self._at = blank.end()
        return blank is not None

    def _add(self, tag: Tag) -> None:
        last = self.tags[-1] if self.tags else Tag("", "")
        if tag.kind in ("verb", "negated") and last.text == "but":
            self.tags[-1] = Tag("conj", ",", "but")  # "hide the waters but keep the ions" excepts nothing
        elif last.kind == "unknown" and tag.kind == "residue" and not tag.value.endswith(":"):
            self.tags[-1] = Tag("filler", "", last.text)  # "the catalytic Asp 25": the number says which
        elif last.kind == "atom" and tag.kind == "number":
            tag = Tag("resi", tag.value, tag.text)  # "CA 48"
        elif tag.kind == "verb" and last.kind == "color" and tag.text in ("color", "colour", "colors", "colours"):
            tag = Tag("filler", "", tag.text)  # "in orange color"
        elif tag.text == "without" and self._said_in_sentence("rep"):
            if last.text == "but":
                self.tags.pop()
            self.tags.append(Tag("conj", ",", ""))
            tag = Tag("verb", "hide", tag.text)  # "as sticks without the hydrogens"
        elif tag.kind == "free_name":
            self._names = replace(self._names, selections=(*self._names.selections, tag.value))
        self.tags.append(tag)

    def _match(self, pattern: str) -> re.Match[str] | None:
        return re.compile(pattern).match(self._text, self._at)

    def _written(self, match: re.Match[str], group: int = 0) -> str:
        return self._original[match.start(group) : match.end(group)]

    def _next(self) -> tuple[Tag, int]:
        best = self._special()
        for kind, value, pattern in patterns():
            match = pattern.match(self._text, self._at)
            if match and match.group(0) and (best is None or match.end() > best[1]):
                best = Tag(kind, value, match.group(0)), match.end()
        return best or self._simple()

    def _simple(self) -> tuple[Tag, int]:
        joint = self._match(r"[,;]|[-–—](?=\s)")
        if joint:
            return Tag("conj", ",", joint.group(0)), joint.end()
        span = self._match(r"(\d+-\d+)(?!\s?(?:å|a\b|%|deg))(?![\w.])")
        if span:
            return Tag("resi", span.group(1), span.group(0)), span.end()
        number = self._match(rf"({_NUMBER})\s?(%|percent)?")
        if number:
            kind = "percent" if number.group(2) is not None else "number"
            return Tag(kind, number.group(1), number.group(0)), number.end()
        word = self._match(r"[^\s,;()'\"?!:]+?(?=[.]?(?:[\s,;()'\"?!:]|$))")
        end = word.end() if word else self._at + 1
        return Tag("unknown", self._original[self._at : end], self._text[self._at : end]), end

    def _special(self) -> _Found:
        for reader in (
            self._file, self._b_factor, self._free_name, self._scene_name, self._chain, self._letter, self._residue,
            self._amino, self._distance, self._atoms, self._atom,
        ):  # fmt: skip
            found = reader()
            if found is not None:
                return found
        return None

    def _file(self) -> _Found:
        match = self._match(r"[\w-]+(?:\.[\w-]+)*\.(png|pdb|cif|pse)\b")
        return (Tag("file", self._written(match)), match.end()) if match else None

    def _b_factor(self) -> _Found:
        match = self._match(_B_FACTOR)
        if match is None:
            return None
        sign = match["sign"] or (">" if re.match(r"above|over|great|more|larg|high", match["word"]) else "<")
        return Tag("b", f"{sign}{match['number']}", match.group(0)), match.end()

    def _free_name(self) -> _Found:
        """The name that something is to have: after "call it", "a new object", "select ... as"."""
        match = self._match(r"([a-z_]\w*)")
        if match is None or not self.tags or match.group(1) in _NO_NAME:
            return None
        last = self.tags[-1]
        named = last.kind == "name_it"
        made = last.kind == "verb" and last.text.endswith((" object", "selection")) and last.value in ("copy", "select")
        if made:
            named = not _is_phrase(match.group(1)) or bool(_AFTER_NAME.match(self._text, match.end()))
        if last.value == "as" and last.text == "as" and self._verb_of_clause() == "select":
            named = not _is_phrase(match.group(1))
        return (Tag("free_name", self._written(match, 1)), match.end()) if named else None

    def _verb_of_clause(self) -> str:
        for tag in reversed(self.tags):
            if tag.kind in ("conj", "stop"):
                return ""
            if tag.kind == "verb":
                return tag.value
        return ""

    def _said_in_sentence(self, kind: str) -> bool:
        for tag in reversed(self.tags):
            if tag.kind == "stop":
                return False
            if tag.kind == kind:
                return True
        return False

    def _scene_name(self) -> _Found:
        for kind, group in (
            ("object", self._names.objects),
            ("selection", self._names.selections),
            ("ligand_name", self._names.ligands),
        ):
            for name in sorted(group, key=len, reverse=True):
                if self._match(rf"{re.escape(name.lower())}(?!\w)"):
                    return Tag(kind, name, name), self._at + len(name)
        return None

    def _chain(self) -> _Found:
        span = _CHAIN_RANGE.match(self._original, self._at)
        if span:
            chains = [chain for chain in self._names.chains if span.group(1) <= chain <= span.group(2)]
            return Tag("chain", "+".join(chains or span.groups()), span.group(0)), span.end()
        match = self._match(_CHAIN) or self._match(_CHAIN_AFTER)
        if not match:
            both = self._match(rf"(both|all( the)?|each|every) {_A_CHAIN}\b")
            return (Tag("filler", "", both.group(0)), both.end()) if both and self._names.chains else None
        real = {chain.lower(): chain for chain in reversed(self._names.chains)}
        chains = [real.get(letter, letter.upper()) for letter in re.findall(r"\b[a-z0-9]\b", match.group(1))]
        return Tag("chain", "+".join(chains), match.group(0)), match.end()

    def _letter(self) -> _Found:
        """A capital letter alone is a chain after "of", and where chains are spoken of: "residue 25 of A"."""
        match = self._match(r"[a-z](?!\w)")
        if not match or self._written(match) not in self._names.chains:
            return None
        before = self._text[: self._at].rstrip()
        begins = not before or before[-1] in ".!?:"
        colored = self._match(rf"[a-z](?= (?:{'|'.join(words().colors)})\s?(?:,|;|$|and\b))") is not None
        listed = self._match(r"a(?=\s?(?:,|&|and\b|in\b|as\b|to\b|should\b))") is not None
        if begins and match.group(0) == "a" and not (listed or colored):
            return None  # an article
        spoken_of = colored or re.search(rf"\b{_A_CHAIN}\b", self._text) is not None
        if not spoken_of and not _OF.search(before):
            return None
        return Tag("chain", self._written(match), match.group(0)), match.end()

    def _residue(self) -> _Found:
        match = self._match(_RESIDUE)
        return (Tag("resi", _numbers(match.group(1)), match.group(0)), match.end()) if match else None

    def _amino(self) -> _Found:
        for name, phrase in words().amino_acids.items():
            match = self._match(rf"(?:{phrase})(?:[\s-]?(?P<numbers>{_LIST})(?!\w))?(?: residues?)?(?![a-z])")
            if match:
                return Tag("residue", f"{name}:{_numbers(match['numbers'] or '')}", match.group(0)), match.end()
        match = self._match(r"([acdefghiklmnpqrstvwy])(\d+)(?!\w)")
        if match and self._original[self._at].isupper() and not self._after_atom():
            return Tag("residue", f"{ONE_LETTER[match.group(1).upper()]}:{match.group(2)}", match.group(0)), match.end()
        return None

    def _after_atom(self) -> bool:
        return re.search(r"\batoms?$", self._text[: self._at].rstrip()) is not None

    def _distance(self) -> _Found:
        match = self._match(_DISTANCE)
        return (Tag("distance", match.group(1), match.group(0)), match.end()) if match else None

    def _atoms(self) -> _Found:
        """Atoms joined by hyphens, as in "the N-CA-C angle"."""
        match = self._match(r"[a-z]{1,2}\d?(?:-[a-z]{1,2}\d?){1,3}(?!\w)")
        names = match.group(0).upper().split("-") if match else []
        if match is None or not set(names) <= words().atom_names:
            return None
        return Tag("atoms", "+".join(names), match.group(0)), match.end()

    def _atom(self) -> _Found:
        alpha = self._match(r"(c[- ]?alphas?|alpha[- ]carbons?|cas)(?: atoms?)?(?!\w)")
        if alpha:
            return Tag("atom", "CA", alpha.group(0)), alpha.end()
        match = self._match(r"([a-z]{1,2}\d{0,2})(?!\w)(\s?atoms?(?!\w))?")
        if not match:
            return None
        written = self._written(match, 1)
        if self._after_atom() and written.isupper() and len(written) > 1:
            return Tag("atom", written, match.group(0)), match.end()  # also the names of a ligand's atoms
        if written.upper() not in words().atom_names:
            return None
        if len(written) == 1 and not (written.isupper() and (match.group(2) or self._after_atom())):
            return None
        return Tag("atom", written.upper(), match.group(0)), match.end()


def _numbers(text: str) -> str:
    text = re.sub(r"\s?(–|to|through|until|:)\s?", "-", text)
    return "+".join(re.findall(r"\d+(?:-\d+)?", re.sub(r"\s", " ", text)))
