"""What can leave this machine, by kind; the switches and the filter are in agent/outgoing.py."""

from __future__ import annotations

import enum


class Data(str, enum.Enum):
    """Kinds of content in a request to a model. What the user writes is always sent."""

    TEXT = "text"
    COORDINATES = "coordinates"
    SEQUENCES = "sequences"
    IMAGES = "images"
    FILE_NAMES = "file_names"
