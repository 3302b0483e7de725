"""A text file as lines, and back to the same bytes: its encoding, its line endings and its last newline are kept."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..core.errors import ToolFailed

_BREAK = re.compile(r"(\r\n|\n|\r)")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class TextFile:
    """What is needed to write changed lines as the file was written.

    Attributes:
        lines: Without their endings.
        endings: One a line; that of the last is empty where the file does not end with a newline.
        encoding: Latin-1 where it is not Unicode: it gives every byte back, whatever it meant.
        bom: Its first bytes.
    """

    lines: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    encoding: str = "utf-8"
    bom: bytes = b""

    @classmethod
    def read(cls, data: bytes) -> TextFile:
        """Take a file apart. Raises ToolFailed where it is no text."""
        bom, encoding = next(((bom, name) for bom, name in _BOMS if data.startswith(bom)), (b"", "utf-8"))
        try:
            text = data[len(bom) :].decode(encoding)
        except UnicodeDecodeError:
            text, encoding, bom = data.decode("latin-1"), "latin-1", b""
        if "\x00" in text:
            raise ToolFailed("This is no text file.")
        pieces = _BREAK.split(text)
        lines, endings = pieces[::2], [*pieces[1::2], ""]
        if lines[-1] == "":
            lines, endings = lines[:-1], endings[:-1]
        return cls(tuple(lines), tuple(endings), encoding, bom)

    @property
    def ending(self) -> str:
        """The one most lines have."""
        counts = Counter(ending for ending in self.endings if ending)
        return counts.most_common(1)[0][0] if counts else "\n"

    def written(self, lines: Sequence[str], endings: Sequence[str | None]) -> bytes:
        """The bytes of changed lines.

        Args:
            lines: All of them.
            endings: One a line, those of lines that were there; None for new lines.

        Raises:
            ToolFailed: The new text has a character that the file's encoding has not.
        """
        made = [ending or self.ending for ending in endings]
        if made and self.endings and not self.endings[-1]:
            made[-1] = ""
        text = "".join(line + ending for line, ending in zip(lines, made, strict=True))
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            bad = error.object[error.start]
            raise ToolFailed(
                f"The file is not Unicode and cannot hold `{bad}`; nothing was written.",
                hint="Use plain letters, or make a new file.",
            ) from error
