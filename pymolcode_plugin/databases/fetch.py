"""Makes the file of an entry available: from the cache or from its database, checked before it counts as there."""

from __future__ import annotations

import asyncio
import datetime
import json
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from ..config import paths
from ..core.errors import ToolFailed
from . import download
from .download import Limits, NotThere
from .mmcif import AtomCounts, count_atoms
from .sources import Entry

LIMITS = Limits()
_ANSWER_LIMIT = 5_000_000


@dataclass(frozen=True)
class Fetched:
    """A file that is there and whole.

    Attributes:
        since: Day of its download, where it was in the cache already; else empty.
    """

    path: Path
    n_bytes: int
    counts: AtomCounts
    since: str = ""


def cache_folder() -> Path:
    """Where downloaded entries are kept."""
    return paths.user_folder() / "artifacts" / "pdb"


async def fetch(entry: Entry, limits: Limits | None = None) -> Fetched:
    """Get the file of an entry.

    Raises:
        ToolFailed: There is no such entry, it cannot be had, or what came is no structure; nothing is kept then.
    """
    limits = limits or LIMITS
    path = cache_folder() / entry.file_name
    kept = await asyncio.to_thread(_kept, path)
    if kept is not None:
        return kept
    try:
        async with download.client(limits) as http:
            address = await _address(http, entry, limits)
            counts = await download.save(http, address, path, limits, count_atoms)
    except NotThere as error:
        raise _no_such_entry(entry) from error
    except ToolFailed as error:
        raise ToolFailed(f"{entry.title} could not be fetched. {error.args[0]}", hint=error.hint) from error
    return Fetched(path, path.stat().st_size, counts)


def _kept(path: Path) -> Fetched | None:
    """The file in the cache, counted again, because anything may have happened to it since."""
    try:
        status = path.stat()
        counts = count_atoms(path)
    except (OSError, ToolFailed):
        return None
    since = datetime.date.fromtimestamp(status.st_mtime).isoformat()
    return Fetched(path, status.st_size, counts, since)


async def _address(http: httpx2.AsyncClient, entry: Entry, limits: Limits) -> str:
    """Where the file is: AlphaFold DB says so in an answer of its own, because the version is part of the name.

    Raises:
        ToolFailed: The answer names no file on the same server.
    """
    if entry.source.name != "alphafold":
        return entry.address
    answer = await download.read(http, entry.address, replace(limits, n_bytes=_ANSWER_LIMIT))
    try:
        models = [item for item in json.loads(answer) if item.get("uniprotAccession", entry.id) == entry.id]
        address = httpx2.URL(models[0]["cifUrl"])
    except (ValueError, TypeError, AttributeError, LookupError, httpx2.InvalidURL) as error:
        raise ToolFailed(f"{entry.source.title} gave an answer without the address of a file.") from error
    base = httpx2.URL(entry.address)
    if (address.scheme, address.host) != (base.scheme, base.host):
        raise ToolFailed(f"{entry.source.title} points to another server, {address.host}; nothing was read from it.")
    return str(address)


def _no_such_entry(entry: Entry) -> ToolFailed:
    kind = entry.source.kind
    if entry.assembly is not None:
        return ToolFailed(
            f"{entry.source.title} has no assembly {entry.assembly} of {entry.id.upper()}, or no such entry.",
            hint="Assemblies count from 1; without `assembly` you get the asymmetric unit.",
        )
    hint = (
        "Check the accession; not every protein has a model there."
        if entry.source.name == "alphafold"
        else "Check the id; the entry may be obsolete, replaced, or not released yet."
    )
    return ToolFailed(f"{entry.source.title} has no entry {entry.id.upper()}, {kind}.", hint=hint)
