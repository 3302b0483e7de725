"""What can leave this machine, by kind; the switches and the filter are in agent/outgoing.py."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Protocol


class Data(str, enum.Enum):
    """Kinds of content in a request to a model. What the user writes is always sent.

    TEXT: Results of tools: names, counts, distances, angles, residue names and numbers, what PyMOL printed. Withholding
        it withholds results entirely, so the model learns only whether a step worked.
    COORDINATES: Positions, extents and matrices.
    SEQUENCES: Residues in their order.
    IMAGES: Pictures.
    FILE_NAMES: Names of files and folders; names of objects stay, also where PyMOL made them of a file's name.
    """

    TEXT = "text"
    COORDINATES = "coordinates"
    SEQUENCES = "sequences"
    IMAGES = "images"
    FILE_NAMES = "file_names"


class Wire(Protocol):
    """Sees every request of a connection to a model before it goes out."""

    def check_address(self, url: str) -> None:
        """May this address be contacted now?

        Raises:
            ConfigError: `This machine only` is on, and the address is elsewhere.
        """
        ...

    def sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """This is going out now; kept in memory only."""
        ...
