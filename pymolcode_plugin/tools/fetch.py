"""Fetches an entry of a public database and loads it, checked by its atom count; never PyMOL's own `fetch`.

PyMOL's own blocks the window, and says -1 where it fails.
"""

from __future__ import annotations

import asyncio
from typing import Literal

from pydantic import Field

from ..core.errors import ArgumentsInvalid
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.risk import Assessment, Risk
from ..core.tool import Context, Tool, ToolArgs, ToolResult
from ..databases import fetch as database
from ..databases.sources import Entry, entry
from . import loaded as words
from . import structure_text

_TO_KNOW = {"alphafold": " Its B-factors are pLDDT, the confidence of the prediction from 0 to 100."}


class FetchArgs(ToolArgs):
    """Download a structure and load it: a PDB id, or a UniProt accession for its AlphaFold model."""

    id: str = Field(min_length=1, max_length=40, description="e.g. 1HPV or P00533.")
    source: Literal["auto", "rcsb", "pdbe", "alphafold"] = "auto"
    assembly: int | None = Field(default=None, ge=1, le=9999, description="Biological assembly, e.g. 1.")
    name: str = Field(default="", max_length=60, description="Of the object.")


async def fetch(args: FetchArgs, context: Context) -> ToolResult:
    """Download (or take from the cache), load, compare the atom counts.

    Raises:
        ArgumentsInvalid: It is no id of that database.
        ToolFailed: It could not be had; nothing has changed.
        CommandFailed: PyMOL cannot read it, or read other atoms than the file holds; nothing has changed.
    """
    wanted = _entry(args)
    found = await database.fetch(wanted)
    asked = args.name or _object_name(wanted)
    loaded = await context.scene.load_file(str(found.path), name=asked, possible_atoms=found.counts.possible)
    origin = f"from the cache, downloaded on {found.since}" if found.since else "downloaded"
    to_know = _TO_KNOW.get(wanted.source.name, "")
    size = f"{found.n_bytes / 1e6:.1f} MB"
    head = f"{wanted.title}, {origin}, {size}; PyMOL has as many atoms as the file.{to_know}"
    title = await asyncio.to_thread(structure_text.title, found.path)
    return ToolResult(text=f"{head}\n{words.describe(loaded, title)}", warnings=words.warnings(loaded, asked))


def _entry(args: FetchArgs) -> Entry:
    return entry(args.id, args.source, args.assembly)


def _object_name(wanted: Entry) -> str:
    return wanted.id if wanted.assembly is None else f"{wanted.id}_assembly{wanted.assembly}"


async def _assess(args: FetchArgs, _scene: ScenePort) -> Assessment:
    wanted = _entry(args)  # an id that is none is said before anybody is asked
    return Assessment(
        risks=frozenset({Risk.NET, Risk.MODIFY}), effects=(f"downloads {wanted.title}",), commands=("fetch",)
    )


def _title(args: FetchArgs) -> str:
    try:
        return f"Fetch {_entry(args).title}"
    except ArgumentsInvalid:
        return f"Fetch {args.id}"


FETCH = Tool("fetch", FetchArgs, fetch, _assess, _title, reveals=frozenset({Data.FILE_NAMES}))
