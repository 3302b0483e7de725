"""What a structure file says about itself: its entry, title, method and resolution; nothing that it does not say."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

_MAX_READ = 4_000_000
_MAX_CHARS = 200
_PDB = {
    "id": re.compile(r"^HEADER.{56}(\w{4})", re.MULTILINE),
    "method": re.compile(r"^EXPDTA    (.+?)\s*$", re.MULTILINE),
    "resolution": re.compile(r"^REMARK   2 RESOLUTION\.\s+([\d.]+)\s+ANGSTROM", re.MULTILINE),
}
# Files of the time before TITLE say in COMPND what they are; later ones hold a list there.
_TITLES = tuple(re.compile(rf"^{word}  ?[ \d]{{2,3}}(.{{1,60}})", re.MULTILINE) for word in ("TITLE", "COMPND"))
_CIF = {
    "id": ("_entry.id",),
    "title": ("_struct.title",),
    "method": ("_exptl.method",),
    "resolution": ("_refine.ls_d_res_high", "_em_3d_reconstruction.resolution"),
}


@dataclass(frozen=True)
class Header:
    """Empty where the file does not say; the resolution in Angstrom, as it is written there."""

    id: str = ""
    title: str = ""
    method: str = ""
    resolution: str = ""


def read(path: Path) -> Header:
    """The header of a PDB or mmCIF file, compressed or not; reads its beginning, so use a worker thread."""
    name = path.name.lower().removesuffix(".gz")
    text = _beginning(path)
    if name.endswith((".pdb", ".ent")):
        found = {key: _first(pattern.search(text)) for key, pattern in _PDB.items()}
        return Header(title=_title(text.split("\nATOM", 1)[0]), **found)
    if name.endswith((".cif", ".mmcif")):
        return Header(**{key: _of_cif(text, items) for key, items in _CIF.items()})
    return Header()


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if is_packed else path.open("rb") as file:
            return file.read(_MAX_READ).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error):
        return ""


def _title(text: str) -> str:
    for pattern in _TITLES:
        lines = pattern.findall(text)
        if lines and not any("MOL_ID:" in line or line.strip().endswith(";") for line in lines):
            return _plain(" ".join(line.strip() for line in lines))
    return ""


def _of_cif(text: str, items: tuple[str, ...]) -> str:
    for item in items:
        value = r"(?:'(.*?)'(?=\s)|\"(.*?)\"(?=\s)|;(.*?)^;|([^\s'\";]\S*))"
        match = re.search(rf"^{re.escape(item)}\s+{value}", text, re.MULTILINE | re.DOTALL)
        found = _plain(next((group for group in match.groups() if group is not None), "")) if match else ""
        if found not in ("", "?", "."):
            return found
    return ""


def _first(match: re.Match[str] | None) -> str:
    return _plain(match[1]) if match else ""


def _plain(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:_MAX_CHARS]
