"""A state as a .pse that any PyMOL opens, and the way back, on which nothing in the file runs.

A .pse is a pickle, and a pickle is a program; PyMOL's own loading runs it. Here names are refused but for a handful
that PyMOL itself writes, which become inert; and what holds another pickle inside (wizards, callback objects) is left
out, written or read.

Source: `get_session`, `set_session` and `load_pse` in modules/pymol/exporting.py and importing.py of PyMOL.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import pickle
import zlib
from collections.abc import Mapping
from typing import Any, NoReturn

from ..core.errors import SceneError
from ..core.scene import SceneFile
from .leaf import n_bytes_plain
from .state import MOLECULE, State, Taken, settle
from .state_file import KEYS, is_written, leaves

MAX_BYTES = 256 * 2**20  # unpacked; a larger scene is not kept with the chat
MAX_BYTES_AT_ONCE = 32 * 2**20  # a second's work, which somebody who quits is ready to wait
_MAX_READ_BYTES = 2 * 2**30
_GZIP = b"\x1f\x8b"


def mark_of(state: State, scene_hash: str) -> str:
    """The same for the same scene seen from the same place; `SceneMark.hash` knows nothing of the view."""
    view = hashlib.blake2b(repr(state.rest.get("view")).encode(), digest_size=8).hexdigest()
    return f"{scene_hash}-{view}"


def write(state: State, scene_hash: str, pymol_version: str = "", max_bytes: int | None = None) -> SceneFile:
    """The files of a state; takes a while for large scenes, so in a worker thread.

    Raises:
        SceneError: It is too large to be kept.
    """
    n_bytes = sum(len(leaf.data) for leaf in leaves(state)) + n_bytes_plain(list(state.rest.values()))
    if n_bytes > (MAX_BYTES if max_bytes is None else max_bytes):
        raise SceneError(f"The scene takes {n_bytes // 2**20:,} MB, which is too much to keep it with the chat.")
    whole = state.session()
    session = {key: value for key, value in whole.items() if key in KEYS}
    written = [entry for entry, part in zip(whole["names"][1:], state.parts, strict=True) if is_written(part)]
    session["names"] = [None, *written]
    objects = state.objects()
    return SceneFile(
        # PyMOL unpacks it by what it begins with, whatever the name says.
        pse=gzip.compress(pickle.dumps(session, protocol=4), 1, mtime=0),
        settings=json.dumps({"texts": dict(state.texts), "movie_locked": state.movie_locked}).encode(),
        mark=mark_of(state, scene_hash),
        objects=tuple(objects),
        pymol_version=pymol_version,
        n_atoms=sum(part.atoms.n_atoms for part in objects.values() if part.atoms),
    )


def read(pse: bytes, settings: bytes = b"", *, trusted: bool) -> State:
    """The state of a .pse, without running anything of it; in a worker thread.

    Args:
        pse: The file, packed or not.
        settings: What `write` made of those that no .pse holds; empty for the file of another program.
        trusted: We wrote it; else the commands of a movie run only once the user accepts them.

    Raises:
        SceneError: It is no session, is cut, or would have to run something.
    """
    try:
        session = _Unpickler(io.BytesIO(_unpacked(pse))).load()
    except SceneError:
        raise
    except Exception as error:  # border: a doctored file can fail in any way
        raise SceneError(f"The session file makes no sense: {type(error).__name__}.") from error
    names = session.get("names") if isinstance(session, dict) else None
    if not isinstance(names, list) or not isinstance(session.get("settings"), list):
        raise SceneError("The session file is none of PyMOL's: it has no objects and no settings.")
    texts, locked = _settings(settings)
    kept = {key: value for key, value in session.items() if key in KEYS}
    kept["names"] = [entry for entry in names if entry and _is_entry(entry)]
    try:
        state = settle(Taken(session=kept, texts=texts, movie_locked=locked or not trusted))
    except Exception as error:  # border: see above
        raise SceneError(f"The session file makes no sense: {type(error).__name__}.") from error
    parts = tuple(part for part in state.parts if is_written(part))
    return State(parts, state.rest, state.texts, state.color_names, state.movie_locked)


def _is_entry(entry: Any) -> bool:
    """An object or a selection as PyMOL writes them; anything else could crash it."""
    sound = isinstance(entry, list) and len(entry) > 5 and isinstance(entry[0], str) and isinstance(entry[4], int)
    if not sound or not isinstance(entry[5], list):
        raise SceneError("The session file makes no sense: an object has no name or type.")
    if entry[4] == MOLECULE and len(entry[5]) < 8:
        raise SceneError(f"The session file makes no sense: {entry[0][:80]} has no atoms.")
    return True


def _settings(data: bytes) -> tuple[Mapping[str, str], bool]:
    if not data:
        return {}, True
    try:
        values = json.loads(data)
        return {str(name): str(text) for name, text in values["texts"].items()}, bool(values["movie_locked"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SceneError("The settings kept with the session make no sense.") from error


def _unpacked(data: bytes) -> bytes:
    """Bounded: a few packed bytes can be any number of others."""
    if data[:2] != _GZIP:
        return data
    unpack = zlib.decompressobj(wbits=31)
    whole = unpack.decompress(data, _MAX_READ_BYTES)
    if not unpack.eof:
        raise SceneError("The session file is cut, or too large.")
    return whole


class _Inert:
    """Stands for an object that PyMOL keeps beside the scene; holds nothing, does nothing."""

    def __setstate__(self, _state: object) -> None:
        """Whatever it held is left out."""


def _inert(*_arguments: object) -> _Inert:
    return _Inert()


def _encoded(text: object, encoding: object = "latin1") -> bytes:
    """How bytes are written by old protocols."""
    if not isinstance(text, str) or encoding != "latin1":
        raise SceneError("The session file asks for another encoding, which none of PyMOL's does.")
    return text.encode("latin1")


def _no_bytes(*arguments: object) -> bytes:
    if arguments:
        raise SceneError("The session file makes bytes of something else, which none of PyMOL's does.")
    return b""


_ALLOWED: dict[tuple[str, str], Any] = {
    ("_codecs", "encode"): _encoded,
    ("__builtin__", "bytes"): _no_bytes,
    ("builtins", "bytes"): _no_bytes,
    # `session.session`, where scripts keep what they like.
    ("pymol", "Session_Storage"): _Inert,
    ("copy_reg", "_reconstructor"): _inert,
    ("copyreg", "_reconstructor"): _inert,
    ("__builtin__", "object"): _Inert,
    ("builtins", "object"): _Inert,
}


class _Unpickler(pickle.Unpickler):
    """Plain values only."""

    def find_class(self, module: str, name: str) -> Any:  # whatever stands for it
        found = _ALLOWED.get((module, name))
        if found is None:
            raise SceneError(
                f"The session file asks for {module[:60]}.{name[:60]}, which would run code, so it is not opened."
            )
        return found

    def persistent_load(self, _pid: object) -> NoReturn:
        raise SceneError("The session file asks for something outside, which none of PyMOL's does.")
