"""What a PNG file says about itself, and how large it is meant to be printed."""

from __future__ import annotations

import struct
import zlib

from ..core.errors import ToolFailed

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_END_OF_HEADER = 33  # signature, then the header's length, name, 13 bytes and checksum
_INCHES_PER_METRE = 39.3701


def size_px(data: bytes) -> tuple[int, int]:
    """Width and height. Raises ToolFailed for what is no whole PNG."""
    if not data.startswith(_SIGNATURE) or data[-8:-4] != b"IEND":
        raise ToolFailed("PyMOL gave no picture.")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def with_dpi(data: bytes, dpi: int) -> bytes:
    """The same picture with its resolution in its header, instead of any that was there.

    Source: https://www.w3.org/TR/png/#11pHYs
    """
    per_metre = round(dpi * _INCHES_PER_METRE)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    return data[:_END_OF_HEADER] + chunk + _without(data[_END_OF_HEADER:], b"pHYs")


def _without(chunks: bytes, name: bytes) -> bytes:
    kept, at = [], 0
    while at + 8 <= len(chunks):
        end = at + 12 + int.from_bytes(chunks[at : at + 4], "big")
        if chunks[at + 4 : at + 8] != name:
            kept.append(chunks[at:end])
        at = end
    return b"".join(kept)
