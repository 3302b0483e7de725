"""Requests that bring something into the scene or take a step back; read by rules alone, never by a small model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...databases.sources import UNIPROT_ACCESSION
from .calls import Call

_POLITE = r"(?:please\s+|(?:can|could|would) you (?:please )?|i (?:want|need) (?:you )?to |let'?s )*"
_VERB = r"(?:fetch|download|get|load|open|import|pull(?: up| in)?|bring (?:up|in)|show)(?: me)?"
_THING = (
    r"(?:\s+(?:the|a|an))?(?:\s+(?:pdb|alphafold|af|structure|entry|entries|file|files|model|protein|id|code|ids|codes"
    r"|prediction))*(?:\s+(?:of|for|file|entry|called|named))?"
)
# Four characters that begin with a digit and hold a letter; "1000" and "6 Å" are numbers.
_PDB = r"[1-9](?=[a-z0-9]*[a-z])[a-z0-9]{3}\b|pdb_[0-9a-z]{8}\b"
_UNIPROT = rf"{UNIPROT_ACCESSION.pattern}\b"
_FILE = r"[~\w./\\:-]+\.(?:pdb|ent|cif|mmcif|sdf|mol2?|xyz|pqr|mtz|ccp4|mrc|map|dcd|xtc|pse)(?:\.gz)?\b"
_FROM = (
    r"(?:\s+from\s+(?:the\s+)?(?P<source>pdbe|rcsb(?:\s+pdb)?|pdb|protein data ?bank|alphafold(?:\s*db)?|afdb|web))?"
)
_NEXT = r"\s*(?:[.,;!?]|$|\s(?=and\b|then\b))\s*(?:and then|and|then)?\s*"
_ONE = rf"(?:{_PDB}|{_UNIPROT}|{_FILE})"
_REQUEST = re.compile(
    rf"{_POLITE}(?P<verb>{_VERB}){_THING}\s+(?P<ids>{_ONE}(?:\s*(?:,|and|&|,\s*and)\s*{_ONE})*){_FROM}{_NEXT}(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_UNDO = re.compile(
    rf"{_POLITE}(?P<what>undo|revert|take back|go back|redo|do (?:it|that) again)(?P<rest>[\w\s]*)[.!]*", re.IGNORECASE
)
_OF_A_STEP = re.compile(r"(?:\s+(?:that|this|it|the|my|last|one|step|change|thing|please|again))*\s*", re.IGNORECASE)
# "show 1abc" is about an object; only these bring something from elsewhere.
_BRINGS = re.compile(r"fetch|download|get|load|open|import|pull|bring", re.IGNORECASE)


@dataclass(frozen=True)
class Getting:
    """What to bring in, and what of the request is left for afterwards."""

    calls: tuple[Call, ...]
    rest: str = ""


def read_getting(request: str, objects: tuple[str, ...]) -> Getting | None:
    """The calls of a request that begins with bringing structures in, or takes the last step back; None otherwise.

    Args:
        request: What the user wrote.
        objects: Names that are in the scene already; "get 1hpv" then means the object.
    """
    undo = _UNDO.fullmatch(request.strip())
    if undo and _OF_A_STEP.fullmatch(undo["rest"]):
        is_redo = undo["what"].lower() in ("redo", "do it again", "do that again")
        return Getting((Call("undo", {"redo": True} if is_redo else {}),))
    match = _REQUEST.fullmatch(request.strip())
    if match is None or not _BRINGS.match(match["verb"]):
        return None
    wanted = re.findall(_ONE, match["ids"], re.IGNORECASE)
    if any(name.lower() in map(str.lower, objects) for name in wanted):
        return None
    source = _source(match["source"] or "", request)
    return Getting(tuple(_call(name, source) for name in wanted), match["rest"].strip())


def _source(said: str, request: str) -> str:
    if "alphafold" in request.lower() or "afdb" in said.lower():
        return "alphafold"
    return "pdbe" if said.lower() == "pdbe" else "auto"


def _call(name: str, source: str) -> Call:
    if re.fullmatch(_FILE, name, re.IGNORECASE):
        return Call("load", {"file": name})
    return Call("fetch", {"id": name, "source": source})
