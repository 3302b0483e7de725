"""A state as a file: plain values, its large pieces named by their digests; read without running anything.

A session may hold pickles that PyMOL would load (the wizard, callback objects), and a pickle is a program. So those are
never written, never passed on when a file has them all the same, and what is read resolves no name at all.

The file is a line of JSON that says what it is, then the compressed rest.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from ..core.errors import SceneError
from .atom_records import N_COLUMNS, Atoms, AtomsByHand
from .leaf import Leaf, leaves_of, replaced
from .state import CALLBACK, Part, State

_VERSION = 1
KEYS = {
    "version", "colors", "color_ext", "unique_settings", "selector_secrets", "settings", "view", "movie", "editor",
    "main", "moviescenes", "view_dict",
}  # fmt: skip
_MARK = "\0leaf"
_MAX_BYTES = 2**31
_MAX_HEADER = 4096
ReadLeaf = Callable[[bytes], Leaf]


@dataclass(frozen=True)
class Header:
    """What a file says about its state."""

    when: float
    n_objects: int
    n_atoms: int
    hash: str


def is_written(part: Part) -> bool:
    """A callback object is a pickle, and stays in memory."""
    return part.kind != CALLBACK


def leaves(state: State) -> Iterator[Leaf]:
    """The large pieces of what is written of a state."""
    for part in state.parts:
        if is_written(part):
            yield from part_leaves(part)
    for key in KEYS & state.rest.keys():
        yield from leaves_of(state.rest[key])


def part_leaves(part: Part) -> Iterator[Leaf]:
    """The large pieces of one object or selection."""
    yield from leaves_of(part.frame)
    if isinstance(part.atoms, Atoms):
        yield from part.atoms.columns
        yield part.atoms.lexicon


def write(state: State, header: Header) -> bytes:
    """The file of a state; its leaves are written by themselves."""
    plain = {
        "texts": dict(state.texts),
        "rest": {key: _marked(state.rest[key]) for key in KEYS & state.rest.keys()},
        "parts": [_plain_part(part) for part in state.parts if is_written(part)],
    }
    body = zlib.compress(pickle.dumps(plain, protocol=4), 1)
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    return json.dumps({"version": _VERSION, "digest": digest, **vars(header)}).encode() + b"\n" + body


def read_header(data: bytes) -> Header:
    """What the file says about itself.

    Raises:
        SceneError: It is no such file.
    """
    try:
        line = json.loads(data[:_MAX_HEADER].split(b"\n", 1)[0])
        header = Header(float(line["when"]), int(line["n_objects"]), int(line["n_atoms"]), str(line["hash"]))
        version = int(line["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise SceneError("This is no saved state of a scene: its first line cannot be read.") from error
    if version != _VERSION:
        raise SceneError("This state of a scene was saved by another version.", hint="It cannot be restored.")
    return header


def read(data: bytes, read_leaf: ReadLeaf) -> State:
    """The state of a file, without what would run code.

    Raises:
        SceneError: The file is cut, was changed, or is none.
    """
    read_header(data)
    first, _, body = data.partition(b"\n")
    if json.loads(first).get("digest") != hashlib.blake2b(body, digest_size=16).hexdigest():
        raise SceneError("The saved state of the scene is damaged: it is cut or was changed.")
    try:
        plain = _Unpickler(io.BytesIO(_decompressed(body))).load()
        return _state(plain, read_leaf)
    except SceneError:
        raise
    except Exception as error:  # border: a doctored file can fail in any way
        raise SceneError(f"The saved state of the scene makes no sense: {error}.") from error


class _Unpickler(pickle.Unpickler):
    """Plain values only: every name that a pickle asks for is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise SceneError(f"The saved state of the scene asks for {module}.{name}, which no state does.")

    def persistent_load(self, _pid: object) -> NoReturn:
        raise SceneError("The saved state of the scene asks for something outside, which no state does.")


def _decompressed(body: bytes) -> bytes:
    unpack = zlib.decompressobj()
    data = unpack.decompress(body, _MAX_BYTES)
    if unpack.unconsumed_tail or not unpack.eof:
        raise SceneError("The saved state of the scene is damaged: it is cut or too large.")
    return data


def _marked(value: Any) -> Any:
    return replaced(value, lambda leaf: (_MARK, leaf.digest))


def _plain_part(part: Part) -> Any:
    atoms: Any = None
    if isinstance(part.atoms, Atoms):
        atoms = [[_marked(column) for column in part.atoms.columns], _marked(part.atoms.lexicon)]
    elif part.atoms is not None:
        atoms = part.atoms.plain()
    return [_marked(part.frame), atoms]


def _state(plain: dict[str, Any], read_leaf: ReadLeaf) -> State:
    parts = tuple(part for part in (_part(item, read_leaf) for item in plain["parts"]) if is_written(part))
    return State(
        parts=parts,
        rest={key: _unmarked(value, read_leaf) for key, value in plain["rest"].items() if key in KEYS},
        texts={str(name): str(text) for name, text in plain["texts"].items()},
        movie_locked=True,  # the commands of a movie run only when the user accepts them
    )


def _part(item: Any, read_leaf: ReadLeaf) -> Part:
    frame, atoms = item
    frame = _unmarked(frame, read_leaf)
    if not (isinstance(frame[0], str) and isinstance(frame[4], int) and isinstance(frame[5], list)):
        raise SceneError("The saved state of the scene makes no sense: an object has no name or type.")
    if isinstance(atoms, dict):
        return Part(frame, AtomsByHand.of_plain(atoms))
    if atoms is None:
        return Part(frame)
    columns = tuple(_unmarked(column, read_leaf) for column in atoms[0])
    lexicon = _unmarked(atoms[1], read_leaf)
    if len(columns) != N_COLUMNS or len({len(column.data) for column in columns}) != 1:
        raise SceneError("The saved state of the scene makes no sense: atoms are missing.")
    return Part(frame, Atoms(columns, lexicon))


def _unmarked(value: Any, read_leaf: ReadLeaf) -> Any:
    if isinstance(value, tuple) and len(value) == 2 and value[0] == _MARK:  # the mark and the digest
        return read_leaf(value[1])
    if isinstance(value, list):
        return [_unmarked(item, read_leaf) for item in value]
    return value


def with_memory(state: State, memory: State) -> State:
    """A state that was read, with what was never written of the one it was: the wizard, callback objects."""
    written = iter(state.parts)
    parts = tuple(next(written) if is_written(part) else part for part in memory.parts)
    return replace(
        state,
        parts=parts,
        rest={**memory.rest, **state.rest},
        color_names=memory.color_names,
        movie_locked=memory.movie_locked,
    )


def only_memory(state: State) -> State:
    """The part of a state that is never written; the others as their bare places."""
    bare = Part(frame=["", 0, 0, None, 0, []])
    return replace(
        state,
        parts=tuple(bare if is_written(part) else part for part in state.parts),
        rest={key: value for key, value in state.rest.items() if key not in KEYS},
        texts={},
    )
