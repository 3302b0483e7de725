"""What a structure file says about itself, read as text: its title and its entries. Data, never instructions."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from . import files

_MAX_CHARS = 160
_MAX_READ = 2_000_000
_PDB = frozenset({"pdb", "ent"})
_CIF = frozenset({"cif", "mmcif"})
_CIF_TITLE = re.compile(
    r"""^_struct\.title\s+(?:'(.*?)'(?=\s)|"(.*?)"(?=\s)|;(.*?)^;|([^\s'";]\S*))""", re.MULTILINE | re.DOTALL
)
_PDB_TITLE = re.compile(r"^TITLE  [ \d]{3}(.*)$", re.MULTILINE)


def title(path: Path) -> str:
    """The title in one line, bounded; empty where there is none. Reads the file's beginning, so use a worker thread."""
    kind = files.extension(path)
    if kind not in _PDB | _CIF:
        return ""
    text = _beginning(path)
    if kind in _PDB:
        found = " ".join(line[:70] for line in _PDB_TITLE.findall(text[: (text + "\nATOM").index("\nATOM")]))
    else:
        match = _CIF_TITLE.search(text)
        found = next((group for group in match.groups() if group is not None), "") if match else ""
    found = " ".join(found.split())
    return "" if found in ("?", ".") else found[:_MAX_CHARS]


def entries(path: Path) -> tuple[str, ...]:
    """Names of the entries of a file that holds several, which PyMOL makes an object each; empty for one.

    Reads all of the file, so use a worker thread.
    """
    kind = files.extension(path)
    if kind not in _PDB | _CIF:
        return ()
    found = tuple((_pdb_entries if kind in _PDB else _cif_entries)(_lines(path)))
    return found if len(found) > 1 else ()


def _pdb_entries(lines: Iterator[bytes]) -> Iterator[str]:
    for line in lines:
        if line.startswith(b"HEADER"):
            yield line[62:66].decode("latin-1").strip()


def _cif_entries(lines: Iterator[bytes]) -> Iterator[str]:
    in_text = False
    for line in lines:
        if line.startswith(b";"):
            in_text = not in_text
        elif not in_text and line[:5].lower() == b"data_":
            yield line.split()[0][5:].decode("latin-1")


def _lines(path: Path) -> Iterator[bytes]:
    """Lines of the file, unpacked; as many as can be read, because whoever loads it says what is wrong."""
    openers: dict[str, Callable[[Path], IO[bytes]]] = {".gz": _gzip, ".bz2": bz2.open}
    with contextlib.suppress(OSError, EOFError, zlib.error), openers.get(path.suffix, _plain)(path) as file:
        yield from file


def _gzip(path: Path) -> IO[bytes]:
    return io.BufferedReader(gzip.open(path))


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _beginning(path: Path) -> str:
    kept, n_bytes = [], 0
    for line in _lines(path):
        kept.append(line[:_MAX_READ])
        n_bytes += len(line)
        if n_bytes > _MAX_READ:
            break
    return b"".join(kept).decode("utf-8", "replace")
