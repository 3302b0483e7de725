"""The databases as data: what an id looks like, and where its file lies."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal

from ..core.errors import ArgumentsInvalid

SourceName = Literal["rcsb", "pdbe", "alphafold"]
PDB_ID = re.compile(r"[1-9][a-z0-9]{3}", re.IGNORECASE)
_EXTENDED_PDB_ID = re.compile(r"pdb_([a-z0-9]{8})", re.IGNORECASE)
# Source: https://www.uniprot.org/help/accession_numbers
UNIPROT_ACCESSION = re.compile(
    r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})", re.IGNORECASE
)
_ALPHAFOLD_ID = re.compile(r"AF-([A-Z0-9]+)-F1", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One database.

    Attributes:
        title: For a person.
        variable: Environment variable that points it to another server, e.g. a mirror in a company's network.
        base: Where it is otherwise.
        entry: Path of an entry; of AlphaFold DB, of the answer that says where the file is.
        assembly: Path of a biological assembly; empty where there are none.
        kind: What it has, said where it has no such entry.
    """

    name: SourceName
    title: str
    variable: str
    base: str
    entry: str
    assembly: str
    kind: str

    def address(self, entry_id: str, assembly: int | None) -> str:
        """Where the file of an entry lies."""
        base = (os.environ.get(self.variable) or self.base).rstrip("/")
        path = self.entry if assembly is None else self.assembly
        return f"{base}/{path.format(id=entry_id, assembly=assembly)}"


SOURCES: dict[SourceName, Source] = {
    source.name: source
    for source in (
        Source(
            name="rcsb",
            title="RCSB PDB",
            variable="PYMOLCODE_RCSB_URL",
            base="https://files.rcsb.org",
            entry="download/{id}.cif",
            assembly="download/{id}-assembly{assembly}.cif",
            kind="an experimental structure of the PDB",
        ),
        Source(
            name="pdbe",
            title="PDBe",
            variable="PYMOLCODE_PDBE_URL",
            base="https://www.ebi.ac.uk",
            entry="pdbe/entry-files/download/{id}_updated.cif",
            assembly="pdbe/static/entry/download/{id}-assembly{assembly}.cif.gz",
            kind="an experimental structure of the PDB",
        ),
        Source(
            name="alphafold",
            title="AlphaFold DB",
            variable="PYMOLCODE_ALPHAFOLD_URL",
            base="https://alphafold.ebi.ac.uk",
            entry="api/prediction/{id}",
            assembly="",
            kind="a predicted model of a UniProt accession",
        ),
    )
}


@dataclass(frozen=True)
class Entry:
    """What is to be fetched. `id` is as the database writes it: PDB ids in lower case, accessions in upper case."""

    source: Source
    id: str
    assembly: int | None = None

    @property
    def address(self) -> str:
        """Of its file, or of the answer that names the file."""
        return self.source.address(self.id, self.assembly)

    @property
    def file_name(self) -> str:
        """In the cache; one name, one content."""
        assembly = "" if self.assembly is None else f"-assembly{self.assembly}"
        return f"{self.source.name}-{self.id}{assembly}.cif"

    @property
    def title(self) -> str:
        """For a person, e.g. `1HPV assembly 1 of RCSB PDB`."""
        assembly = "" if self.assembly is None else f" assembly {self.assembly}"
        return f"{self.id.upper()}{assembly} of {self.source.title}"


def entry(text: str, source: SourceName | Literal["auto"] = "auto", assembly: int | None = None) -> Entry:
    """The entry that an id means; by default an experimental structure for a PDB id, a model for an accession.

    Raises:
        ArgumentsInvalid: It is no id of that database, or there are no assemblies in it.
    """
    text = text.strip()
    pdb_id, accession = _pdb_id(text), _accession(text)
    if source == "auto":
        source = "alphafold" if accession and not pdb_id else "rcsb"
    if source == "alphafold":
        if not accession:
            raise ArgumentsInvalid(f"`{text[:40]}` is no UniProt accession; one looks like P00533 or A0A024R161.")
        if assembly is not None:
            raise ArgumentsInvalid("AlphaFold DB has single chains, no assemblies.", hint="Leave `assembly` out.")
        return Entry(SOURCES[source], accession)
    if not pdb_id:
        raise ArgumentsInvalid(
            f"`{text[:40]}` is no PDB id; one has four characters, the first a digit: 1HPV, or is like pdb_00001hpv.",
            hint="That is a UniProt accession: source alphafold has models of those." if accession else "",
        )
    return Entry(SOURCES[source], pdb_id, assembly)


def _pdb_id(text: str) -> str:
    if PDB_ID.fullmatch(text):
        return text.lower()
    extended = _EXTENDED_PDB_ID.fullmatch(text)
    if extended is None:
        return ""
    digits = extended.group(1).lower()
    is_old = digits.startswith("0000") and PDB_ID.fullmatch(digits[4:])
    return digits[4:] if is_old else f"pdb_{digits}"


def _accession(text: str) -> str:
    named = _ALPHAFOLD_ID.fullmatch(text)
    text = named.group(1) if named else text
    return text.upper() if UNIPROT_ACCESSION.fullmatch(text) else ""
