"""What a message carries, as values: its text, selections, pictures and files."""

from __future__ import annotations

from pathlib import PurePath

from pydantic import Field

from .scene import Frozen


class Picture(Frozen):
    """A picture that goes with a message, small enough for any model that sees.

    Attributes:
        name: For people, e.g. the file's.
        media_type: `image/png` or `image/jpeg`, as `data` is.
    """

    name: str
    data: bytes = Field(repr=False)
    media_type: str = "image/png"
    width_px: int = 0
    height_px: int = 0

    @property
    def title(self) -> str:
        """The name and how large it is."""
        return f"{self.name} ({self.width_px} × {self.height_px})" if self.width_px else self.name


class Message(Frozen):
    """What the user sends, or means to send next.

    Attributes:
        selections: Names or expressions, resolved when it is sent.
        files: Full paths; the model is told of them and their sizes, never what is in them.
    """

    text: str
    selections: tuple[str, ...] = ()
    images: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """What goes with it, for people."""
        pictures = (image.title for image in self.images)
        return (*self.selections, *pictures, *(PurePath(path).name for path in self.files))
