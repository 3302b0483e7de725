"""After an answer ended: its names and numbers become links to atoms that are there; a click selects and zooms."""

from __future__ import annotations

from collections.abc import Callable

from ..agent.pointing import Pointing
from ..core.counting import counted
from ..core.errors import PymolcodeError
from ..core.scene import LINKED, SceneSnapshot
from .answer_rows import BlockRow
from .atom_links import Fact, Names, candidates, expressions, facts
from .rows import ChatRow, StepRow
from .text_block import Link
from .transcript import Transcript

_MAX_CHARS = 40_000  # of an answer that is looked through
_MAX_ASKED = 80  # different selections that the scene is asked about


class Linking:
    """Makes links in one transcript.

    Args:
        transcript: Where the answers are.
        pointing: Asks the scene.
        say: Shows words that are no part of the chat.
    """

    def __init__(self, transcript: Transcript, pointing: Pointing, say: Callable[[str], None]) -> None:
        self._transcript = transcript
        self._pointing = pointing
        self._say = say

    async def link_last_turn(self) -> None:
        """Link what the answers since the user's last message speak of; asks the scene once."""
        rows = self._transcript.last_turn()
        known = [fact for row in rows if isinstance(row, StepRow) for fact in _facts(row)]
        blocks = _bounded([row for row in rows if isinstance(row, BlockRow) and row.block.kind != "code"])
        if not blocks:
            return
        try:
            names = _names(await self._pointing.snapshot())
            found = [item for row in blocks for item in candidates(row.searched(), names, known)]
            asked = expressions(found)[:_MAX_ASKED]
            if not asked:
                return
            there = dict(zip(asked, await self._pointing.count_each(asked), strict=True))
        except PymolcodeError:
            return  # PyMOL is closing, and nobody will click

        def linker(text: str) -> list[Link]:
            spots = [item for item in candidates(text, names, known) if there.get(item.selection)]
            return [Link(*item, _words(item.selection, there[item.selection])) for item in spots]

        for message in {id(row.message): row.message for row in blocks}.values():
            self._transcript.link(message, linker)

    async def show(self, selection: str) -> None:
        """A link was clicked."""
        if not await self._pointing.show(selection):
            self._say(f"Nothing in the scene matches {selection} any more.")


def _bounded(rows: list[BlockRow]) -> list[BlockRow]:
    n_chars, kept = 0, []
    for row in rows:
        n_chars += len(row.block.text)
        if n_chars > _MAX_CHARS:
            break
        kept.append(row)
    return kept


def _facts(row: ChatRow) -> list[Fact]:
    assert isinstance(row, StepRow)  # noqa: S101  # the caller looked
    if row.finished is None or not row.finished.ok:
        return []
    return facts(row.started.tool, row.started.arguments, row.finished.text)


def _names(scene: SceneSnapshot) -> Names:
    ligands = frozenset(ligand.resn for item in scene.objects for ligand in item.ligands)
    selections = frozenset(item.name for item in scene.selections) - {LINKED}
    return Names(ligands, frozenset(scene.object_names()), selections)


def _words(selection: str, n_atoms: int) -> str:
    return f"{selection} ({counted(n_atoms, 'atom')})\nClick to select as {LINKED} and zoom in"
