"""Takes names of files and folders out of free text.

PyMOL's atom macros look like paths (`/1hpv//A/ASP`25/CG`), and its API like file names (`cmd.png`), so a path counts
only where it begins as one on this machine, or ends as a kind of file does. Addresses on the web stay: they name
nothing on this machine. Names of objects stay, also where PyMOL made them of a file's name.
"""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

FILE = "<file>"

_KINDS = (
    "pdb|pdb1|ent|cif|mmcif|bcif|pdbqt|pqr|mol|mol2|sdf|xyz|mae|maegz|mmtf|pse|psw|pze|pml|p1m|py|pym|pyc|pkl|npy|npz"
    "|ccp4|mrc|map|dx|xplor|brix|dsn6|mtz|dcd|xtc|trr|gro|top|prmtop|inpcrd|rst7|fasta|fa|aln|png|jpg|jpeg|tif|tiff|gif"
    "|svg|ppm|mp4|mpg|mpeg|mov|webm|avi|csv|tsv|json|jsonl|ya?ml|toml|txt|md|log|dat|zip|gz|bz2|xz|tar|pdf|html?|docx?"
    "|xlsx?|pptx?|wrl|stl|obj|dae|gltf|glb|pov"
)
_END = rf"\.(?:{_KINDS})(?:\.(?:gz|bz2|xz|zip))?(?!\w)"
_WORD = r"[^\s'\"`,;:()<>|\[\]{}*?]"
# The rest of a path: up to where a kind of file ends it, blanks and all, or to the next blank.
_REST = rf"(?:[^\n'\"`<>|:;,]{{0,200}}?{_END}|{_WORD}*)"
_URL = r"\b(?:https?|ftp)://\S+"
# Where a path begins: the home of a user, this folder, a drive, a share, or the root.
_HEAD = r"file://|~[\w.-]*[/\\]|(?<![\w.])\.{1,2}[/\\]|\b[A-Za-z]:[/\\]|\\\\(?=\w)|(?<![\w`/.\-+)])/(?=[\w.])"
_QUOTED = re.compile(r"(?<!\w)(['\"])((?:(?!\1)[^\n]){2,400}?)\1(?!\w)")
_PATH = re.compile(rf"(?P<url>{_URL})|(?P<head>{_HEAD}){_REST}", re.IGNORECASE)
_TOKEN = re.compile(rf"(?P<url>{_URL})|{_WORD}+", re.IGNORECASE)
_API = re.compile(r"^(?:cmd|pymol|util|np|numpy|self|os|sys|math|chempy|stored)\.\w+\W*$")
_HAS_END = re.compile(_END, re.IGNORECASE)
_ENDS = re.compile(rf"{_END}\s*$", re.IGNORECASE)
_USUAL = re.compile(
    "home|Users|tmp|var|opt|usr|etc|mnt|media|data|root|private|Volumes|srv|run|Applications|Library", re.IGNORECASE
)


def without_file_names(text: str, *, known: Iterable[str] = ()) -> str:
    """The text with `<file>` in place of names of files and folders.

    Args:
        text: Anything that was printed.
        known: Names that are to go wherever they stand, however they look.
    """
    for name in sorted({*known, *_folders()}, key=len, reverse=True):
        text = re.sub(rf"{re.escape(name)}(?![\w-])(?:[/\\]{_REST})?", FILE, text)
    text = _QUOTED.sub(lambda match: f"{match[1]}{FILE}{match[1]}" if _is_path(match[2]) else match[0], text)
    text = _PATH.sub(_path, text)
    text = _TOKEN.sub(_name, text)
    return re.sub(rf"{FILE}(?:[/\\][^\s'\"`]*|{FILE})+", FILE, text)


def _folders() -> set[str]:
    """The folders that paths on this machine most often begin with, blanks and all; never the root itself."""
    found = {str(Path.cwd()), str(Path.home()), tempfile.gettempdir()}
    return {folder for folder in found if len(folder) > len("/")}


def _path(match: re.Match[str]) -> str:
    text = match[0]
    if match["url"] or (match["head"] == "/" and not _is_root(text.split("/")[1])):
        return text  # one that only ends as a file does is found word by word
    return FILE + ("." if text.endswith(".") else "")


def _name(match: re.Match[str]) -> str:
    text = match[0]
    is_call = match.string[match.end() : match.end() + 1] == "(" and not text.startswith("/")
    return text if match["url"] or is_call or _API.match(text) or not _HAS_END.search(text) else FILE


def _is_path(text: str) -> bool:
    """Whether what stands in quotes is a path, by its beginning or its end."""
    if re.match(_URL, text) or _API.match(text):
        return False
    if text.startswith("/"):
        return _is_root(text.split("/")[1]) or bool(_ENDS.search(text))
    return bool(re.match(_HEAD, text) or _ENDS.search(text))


@functools.lru_cache(maxsize=1000)
def _is_root(folder: str) -> bool:
    """Whether paths on this machine, or on the usual ones, begin so."""
    return bool(folder) and (bool(_USUAL.fullmatch(folder)) or Path(f"/{folder}").is_dir())
