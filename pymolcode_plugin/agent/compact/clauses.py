"""Cuts a tagged request into clauses, one verb each, and reads what a clause is about; what to do is `reader`'s."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from .slots import Tag
from .targets import FILTERS, Target

_NEAR_ANGSTROM = 4.0
LIGAND = Target(word="ligand")
SITE = Target(word="protein", near_angstrom=_NEAR_ANGSTROM, near=LIGAND)
_VAGUE = {"all", "it"}
# Words that join and ask; they need no handler to be understood.
_JOINING = ("filler", "prep", "from", "ask", "conj", "same", "instead", "thanks")
_PAIRWISE = ("distance", "angle", "dihedral", "hbonds", "align")  # their "and" joins what they are between
# Where one of these is said there is something to do, or something to do it to.
_CONTENT = {
    "verb", "fact", "key", "rep", "part", "unit", "site", "background", "transparency", "picture", "thin", "style",
    "color", "chain", "resi", "residue", "ligand_name", "object", "selection", "atom", "atoms", "element", "distance",
    "file", "near", "negated", "only", "label", "as_is",
}  # fmt: skip
_LOOKS = ("color", "rep", "key")
_TARGET_KINDS = (
    "word", "part", "object", "selection", "chain", "resi", "residue", "ligand_name", "atom", "element", "its", "b",
)  # fmt: skip


class Unsure(Exception):
    """The request is not wholly understood."""


@dataclass
class Clause:
    """What one verb says: its tags, split at the words that join a list."""

    parts: list[list[Tag]]
    verb: str = ""
    used: set[int] = field(default_factory=set)

    def all(self, *kinds: str) -> list[Tag]:
        """Tags of these kinds, which count as understood from now on."""
        found = [tag for part in self.parts for tag in part if tag.kind in kinds]
        self.used.update(id(tag) for tag in found)
        return found

    def one(self, *kinds: str) -> str:
        """The value of the only tag of these kinds, or an empty string; two different ones are too many."""
        values = dict.fromkeys(tag.value for tag in self.all(*kinds))
        if len(values) > 1:
            raise Unsure
        return next(iter(values), "")

    def has(self, kind: str, value: str = "") -> bool:
        """Whether there is such a tag; it is not used up by asking."""
        return any(tag.kind == kind and value in ("", tag.value) for part in self.parts for tag in part)

    def take(self, kind: str, value: str = "") -> bool:
        """Whether there is such a tag, which counts as understood from now on."""
        found = [tag for part in self.parts for tag in part if tag.kind == kind and value in ("", tag.value)]
        self.used.update(id(tag) for tag in found)
        return bool(found)

    def texts(self, kind: str) -> str:
        """How the tags of a kind were written."""
        return " ".join(tag.text for part in self.parts for tag in part if tag.kind == kind)

    def targets(self) -> list[Target]:
        """One target a part; parts that name nothing give none."""
        read = (read_target(self, part) for part in self.parts)
        found = [target for target in read if target is not None]
        if len(found) > 1 and any(target.negated for target in found):
            raise Unsure  # "apart from the ligand and ..." excepts more than one target can say
        if len(found) > 1 and found[0].word and all(target.resn for target in found):
            found[0] = found[0].model_copy(update={"word": ""})  # "the aromatics (Phe, Tyr, Trp)": the list says which
        chain = found[-1].chain if found else ""
        if chain and len(found) > 1 and all(t.resi and not t.chain for t in found[:-1]) and found[-1].resi:
            found = [target.model_copy(update={"chain": chain}) for target in found]  # "Asp 25 and Asp 29 in chain A"
        return found

    @property
    def text(self) -> str:
        """The words that count, as they were written."""
        return ", ".join(" ".join(tag.text.strip() for tag in part) for part in self.parts)

    @property
    def is_used_up(self) -> bool:
        """Whether every tag counts as understood."""
        return all(id(tag) in self.used for part in self.parts for tag in part)

    def finish(self) -> None:
        """Raise when a word was not understood."""
        for part in self.parts:
            for tag in part:
                if id(tag) not in self.used and tag.kind not in _JOINING:
                    raise Unsure(tag)


def has(tags: list[Tag], kind: str) -> bool:
    """Whether there is a tag of that kind."""
    return any(tag.kind == kind for tag in tags)


# -- sentences and clauses -------------------------------------------------------------------------------------


def without_asides(tags: list[Tag]) -> list[Tag]:
    """The tags without leading sentences that ask for nothing ("hmm, too heavy."), sentence ends become joints."""
    kept: list[tuple[list[Tag], str]] = []
    sentence: list[Tag] = []
    for tag in [*tags, Tag("stop", ".")]:
        if tag.kind != "stop":
            sentence.append(tag)
        elif sentence:
            kept.append((sentence, tag.value))
            sentence = []
    while len(kept) > 1 and not any(is_content(tag) for tag in kept[0][0]):
        kept.pop(0)
    joined: list[Tag] = []
    for words, end in kept:
        joined += words if end == ":" else [*words, Tag("conj", ".", ".")]
    return joined[:-1] if joined and joined[-1].text == "." else joined


def is_content(tag: Tag) -> bool:
    """Whether it says something to do, or what to do it to."""
    return tag.kind in _CONTENT or (tag.kind == "word" and tag.value != "it") or (tag.kind == "ask" and tag.value != "")


def clauses(tags: list[Tag]) -> list[Clause]:
    """Cut at joining words; a piece without a verb of its own continues the clause before it or repeats its verb."""
    pieces: list[list[Tag]] = [[]]
    for tag in tags:
        if tag.kind == "conj":
            pieces.append([])
        elif tag.kind != "filler":
            pieces[-1].append(tag)
    found: list[Clause] = []
    for piece in (part for whole in pieces for part in _alternating(whole)):
        if piece and not (found and _is_remark(piece)):
            _add(found, piece)
    return found


def _is_remark(piece: list[Tag]) -> bool:
    """Tells and asks for nothing, as in "..., those are the flaps"."""
    rest = [tag for tag in piece[1:] if tag.value not in ("it", "make")]
    return piece[0].value == "it" and bool(rest) and all(tag.kind == "unknown" for tag in rest)


def _alternating(piece: list[Tag]) -> list[list[Tag]]:
    """Cut where targets and colours take turns without a word between: "chain A green chain B orange"."""
    said = [tag.kind == "color" for tag in piece if tag.kind == "color" or tag.kind in _TARGET_KINDS]
    turns = [is_color for is_color, _ in itertools.groupby(said)]
    n_colors = sum(turns)
    if n_colors < 2 or len(turns) != 2 * n_colors or _verb(piece) not in ("", "color", "make"):
        return [piece]
    color_last = turns[-1]
    parts: list[list[Tag]] = [[]]
    for tag in piece:
        if tag.kind == "color" and not color_last and has(parts[-1], "color"):
            parts.append([])
        parts[-1].append(tag)
        if tag.kind == "color" and color_last:
            parts.append([])
    return [part for part in parts if part]


def _add(found: list[Clause], piece: list[Tag]) -> None:
    verb = _verb(piece)
    if found and all(tag.kind == "ask" for part in found[-1].parts for tag in part):
        piece = [*found.pop().parts[0], *piece]  # "what, please, is ..."
        verb = verb or _verb(piece)
    if found and _goes_on(found[-1].parts[-1], piece):
        found[-1].parts[-1] += piece
        return
    if not found or has(piece, "negated") or (verb and not _continues(found[-1], piece, verb)):
        found.append(Clause([piece], verb))
    elif all(tag.kind in ("distance", "prep", "near") for tag in piece):
        found[-1].parts[-1] += piece  # "near Phe42, say 5 angstroms"
    elif _is_new(found[-1], piece):
        found.append(Clause([piece], found[-1].verb))
    else:
        found[-1].parts.append(piece)


def _goes_on(part: list[Tag], piece: list[Tag]) -> bool:
    """Whether it names the chain of what stands before: "residue 67, chain B"."""
    is_chain = has(piece, "chain") and all(tag.kind in ("chain", "prep") for tag in piece)
    is_residue = any(has(part, kind) for kind in ("resi", "residue", "atom"))
    return is_chain and is_residue and not has(part, "chain")


def _verb(piece: list[Tag]) -> str:
    """The verb that decides; weak ones ("make", "want") only where there is no other."""
    verbs = list(dict.fromkeys(tag.value for tag in piece if tag.kind == "verb"))
    strong = [verb for verb in verbs if verb != "make"]
    if "show" in strong and len(strong) > 1:
        strong.remove("show")
    if len(strong) > 1:
        # "how many ... does it have" beats what follows; "measure the angle" is one thing.
        first = [verb for verb in strong if verb in ("count", "dihedral", "angle", "select", "copy", "color")]
        if not first:
            raise Unsure
        strong = first[:1]
    return strong[0] if strong else (verbs[0] if verbs else "")


def _continues(clause: Clause, piece: list[Tag], verb: str) -> bool:
    """For "distance between X and Y" and the like, where the second piece has the verb only by accident."""
    return clause.verb in _PAIRWISE and verb == "color" and not has(piece, "color")


def _is_new(clause: Clause, piece: list[Tag]) -> bool:
    """Whether a piece without a verb says the same verb again for something else: "chain A red and chain B blue"."""
    if clause.verb in _PAIRWISE:
        return False
    if has(piece, "background") or (not clause.verb and _is_whole(clause.parts[0]) and _is_whole(piece)):
        return True  # "helices red, loops yellow and a white background"
    names_a_target = any(tag.kind in _TARGET_KINDS or tag.kind == "site" for tag in piece)
    return names_a_target and any(map(clause.has, _LOOKS)) and any(has(piece, kind) for kind in _LOOKS)


def _is_whole(piece: list[Tag]) -> bool:
    """Whether it says by itself how something is to look."""
    return any(has(piece, kind) for kind in ("background", "transparency", "thin", "style", *_LOOKS))


# -- targets ---------------------------------------------------------------------------------------------------


def read_target(clause: Clause, part: list[Tag]) -> Target | None:
    """The target a part names; None where it names none."""
    near_at = next((at for at, tag in enumerate(part) if tag.kind == "near" or _is_away(part, at)), None)
    if near_at is None:
        return plain_target(clause, part)
    return _near_target(clause, part, near_at)


def _is_away(part: list[Tag], at: int) -> bool:
    """In "residues 4 A from the ligand" the word is a place; in "remove it from chain A" it is none."""
    return part[at].kind == "from" and at > 0 and part[at - 1].kind == "distance"


def _near_target(clause: Clause, part: list[Tag], at: int) -> Target:
    """In "waters within 4 A of the ligand" what comes before the word is kept, what comes after is the thing."""
    head, tail = part[:at], part[at:]
    distances = [tag for tag in part if tag.kind == "distance"]
    clause.used.update(id(tag) for tag in tail if tag.kind in ("near", "distance"))
    clause.used.update(id(tag) for tag in distances)
    if len({tag.value for tag in distances}) > 1:
        raise Unsure
    rest = [tag for tag in tail if tag.kind not in ("near", "distance")]
    thing = plain_target(clause, rest)
    if thing is None:
        raise Unsure
    kept = plain_target(clause, [tag for tag in head if tag.kind != "distance"]) or Target()
    if not kept.word and clause.verb != "select" and has(head, "unit"):
        kept = kept.model_copy(update={"word": "protein"})
    clause.used.update(id(tag) for tag in part if tag.kind == "unit")
    angstrom = float(distances[0].value) if distances else _NEAR_ANGSTROM
    return kept.model_copy(update={"near_angstrom": angstrom, "near": thing})


def plain_target(clause: Clause, part: list[Tag]) -> Target | None:
    """The target of tags that say nothing of a neighbourhood; None where they name none."""
    if has(part, "site"):
        return _site(clause, part)
    not_at = next((n for n, tag in enumerate(part) if tag.kind == "not"), None)
    if not_at is not None:
        clause.used.add(id(part[not_at]))
        before, after = _filters(clause, part[:not_at]), _filters(clause, part[not_at + 1 :])
        if not before.is_everything or after.is_everything:
            raise Unsure
        return after.model_copy(update={"negated": True})
    return _filters(clause, part) if any(tag.kind in _TARGET_KINDS for tag in part) else None


def _site(clause: Clause, part: list[Tag]) -> Target:
    clause.used.update(id(tag) for tag in part if tag.kind in ("site", "unit"))
    of_ligand = [tag for tag in part if tag.kind == "word" and tag.value == "ligand"]
    clause.used.update(id(tag) for tag in of_ligand)
    extra = _filters(clause, [tag for tag in part if tag.kind != "site" and tag not in of_ligand])
    if extra.is_everything:
        return SITE
    return extra if extra.resi else SITE.with_base(extra)  # in "the active site asp 25" the residue says it exactly


def _filters(clause: Clause, part: list[Tag]) -> Target:
    fields: dict[str, str] = {}
    of_it = False
    for tag in part:
        if tag.kind not in _TARGET_KINDS:
            continue
        clause.used.add(id(tag))
        of_it = of_it or tag.kind == "its"
        for key, value in _fields(tag):
            _merge(fields, key, value)
    word = fields.get("word", "")
    if word in _VAGUE and (word == "all" or len(fields) > 1):
        del fields["word"]  # "all" filters nothing; the "that" of "atoms that are carbon" stands for nothing
    if of_it and "word" not in fields:
        fields["word"] = "it"  # "its carbons"
    return Target.model_validate(fields)


def _merge(fields: dict[str, str], key: str, value: str) -> None:
    known = fields.get(key, value)
    if known == value:
        fields[key] = value
    elif key == "word" and _VAGUE & {value, known}:
        fields[key] = value if known in _VAGUE else known  # "all waters" is "waters"
    else:
        raise Unsure


def _fields(tag: Tag) -> list[tuple[str, str]]:
    if tag.kind == "its":
        return []
    if tag.kind == "residue":
        resn, _, resi = tag.value.partition(":")
        return [("resn", resn), *([("resi", resi)] if resi else [])]
    key = {"ligand_name": "resn", "atom": "name"}.get(tag.kind, tag.kind)
    return [(key, tag.value)]


def cut_pairwise(part: list[Tag]) -> list[list[Tag]]:
    """In "from X to Y" the words between are the cuts."""
    pieces: list[list[Tag]] = [[]]
    for tag in part:
        if tag.kind in ("near", "from") or (tag.kind == "prep" and tag.value == "to"):
            pieces.append([])
        else:
            pieces[-1].append(tag)
    return pieces


def or_all(targets: list[Target]) -> list[Target]:
    """The targets; everything where none is named."""
    return targets or [Target()]


def only_one(targets: list[Target]) -> Target:
    """The one target; everything where none is named."""
    if len(targets) > 1:
        raise Unsure
    return targets[0] if targets else Target()


def union(targets: list[Target]) -> Target:
    """One target for all of them, where they differ in one filter only: "lysines and arginines"."""
    given = [target.model_dump(exclude_defaults=True) for target in targets]
    differing = {key for fields in given for key in fields if any(other.get(key) != fields[key] for other in given)}
    if len(targets) == 1 or not differing:
        return targets[0]
    key = differing.pop()
    if differing or key not in FILTERS or not all(fields.get(key) for fields in given):
        raise Unsure
    return targets[0].model_copy(update={key: "+".join(fields[key] for fields in given)})
