"""What is kept of a session beside its transcript: the model's memory and the scene, under a signed manifest.

    sessions/<id>/manifest.json     names the files below with their digests; replaced as a whole
                  transcript.jsonl  the chat, appended to
                  memory-7.json     what the model remembers
                  scene-7.pse       the scene, as any PyMOL opens it
                  settings-7.json   settings that no .pse holds

New files get new names, and count from the moment the manifest names them: whatever dies in between, the manifest
that is there names files that are whole. A .pse can hold programs, so who wrote one matters; see `trust`.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from .. import whole_files
from ..core.errors import SessionError
from ..core.scene import Frozen
from .trust import Signer

FILE = "manifest.json"
Role = Literal["memory", "scene", "settings"]
_ENDINGS: dict[Role, str] = {"memory": "json", "scene": "pse", "settings": "json"}
_KEPT = re.compile(r"(?:memory|scene|settings)-\d{1,12}\.(?:json|pse)")
_MAX_MANIFEST_BYTES = 2**20
_MAX_FILE_BYTES = 2**30


class KeptFile(Frozen):
    """A file as it was written."""

    file: str
    n_bytes: int = Field(ge=0)
    sha256: str


class KeptScene(Frozen):
    """What the scene was, to show and to compare without opening it.

    Attributes:
        mark: The same for the same scene seen from the same place.
        objects: Names, in PyMOL's order.
    """

    mark: str = ""
    n_objects: int = 0
    n_atoms: int = 0
    objects: tuple[str, ...] = ()
    pymol_version: str = ""


class Manifest(Frozen):
    """What is kept of a session.

    Attributes:
        kept: By what it is.
        signature: Of all the rest.
    """

    format: Literal["pymolcode-session"] = "pymolcode-session"
    schema_version: Literal[1] = 1
    session_id: str = ""
    created_by: str = ""
    updated_at: float = 0.0
    title: str = ""
    model: str = ""
    kept: dict[Role, KeptFile] = Field(default_factory=dict)
    scene: KeptScene = KeptScene()
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature is of."""
        return json.dumps(self.model_dump(mode="json", exclude={"signature"}), sort_keys=True).encode()


@dataclass(frozen=True)
class Saved:
    """A manifest that was read. `trusted` says that this installation wrote it."""

    folder: Path
    manifest: Manifest
    trusted: bool

    def read(self, role: Role) -> bytes | None:
        """The bytes of a file, as they were written; None where nothing of the kind was kept.

        Raises:
            SessionError: It is gone, cut, changed, or no file of the session's own.
        """
        kept = self.manifest.kept.get(role)
        return None if kept is None else _checked(self.folder, kept, role)


def load(folder: Path, signer: Signer) -> Saved | None:
    """What is kept in a session's folder; None where nothing is.

    Raises:
        SessionError: Its manifest makes no sense.
    """
    manifest = _read(folder)
    if manifest is None:
        return None
    return Saved(folder, manifest, signer.wrote(manifest.signed_bytes(), manifest.signature))


def _read(folder: Path) -> Manifest | None:
    path = folder / FILE
    if not path.exists():
        return None
    try:
        if path.is_symlink() or path.stat().st_size > _MAX_MANIFEST_BYTES:
            raise SessionError("What was kept of this session cannot be used: its manifest is no plain file.")
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise SessionError(
            "What was kept of this session cannot be used: its manifest is damaged, or of another version."
        ) from error
    except OSError as error:
        raise SessionError(f"What was kept of this session cannot be read: {error.strerror or error}.") from error


def is_kept_name(name: str) -> bool:
    """Whether a manifest may name a file so."""
    return _KEPT.fullmatch(name) is not None


def is_kept_file(path: Path) -> bool:
    """Whether a manifest may name it."""
    return is_kept_name(path.name) and path.is_file() and not path.is_symlink()


def names_whole_files(folder: Path) -> bool:
    """Whether every file that the manifest names is there in its full size.

    Raises:
        SessionError: The manifest makes no sense.
    """
    manifest = _read(folder)
    if manifest is None:
        return True
    return all(
        (folder / kept.file).is_file() and (folder / kept.file).stat().st_size == kept.n_bytes
        for kept in manifest.kept.values()
    )


def keep(
    folder: Path, new: Mapping[Role, bytes | None], signer: Signer, *, about: Manifest, scene: KeptScene | None = None
) -> Manifest:
    """Write what is new and a manifest that names it; what is not in `new` stays. Blocking.

    Args:
        folder: The session's own; whoever calls has its lock.
        new: By what it is; None for what is no longer kept.
        signer: Signs the manifest. What somebody else wrote is not signed along: it is no longer named.
        about: Has the title, the model and the like.
        scene: Of the scene, where that is new.

    Raises:
        OSError: The disk does not take it; what was kept before stays.
    """
    try:
        before = load(folder, signer)
    except SessionError:
        before = None
    old = before.manifest if before is not None and before.trusted else Manifest()
    number = 1 + max((int(name.split("-")[1].split(".")[0]) for name in _names(folder)), default=0)
    kept = dict(old.kept)
    for role, data in new.items():
        if data is None:
            kept.pop(role, None)
            continue
        name = f"{role}-{number}.{_ENDINGS[role]}"
        (folder / name).write_bytes(data)
        kept[role] = KeptFile(file=name, n_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    manifest = about.model_copy(
        update={
            "session_id": folder.name,
            "updated_at": time.time(),
            "kept": kept,
            "scene": scene or old.scene,
        }
    )
    manifest = manifest.model_copy(update={"signature": signer.sign(manifest.signed_bytes())})
    whole_files.write(folder / FILE, manifest.model_dump_json(indent=1).encode())
    _sweep(folder, {file.file for file in kept.values()})
    return manifest


def _checked(folder: Path, kept: KeptFile, role: Role) -> bytes:
    path = folder / kept.file
    what = {"memory": "what the model remembers", "scene": "the scene", "settings": "the settings"}[role]
    if not _KEPT.fullmatch(kept.file) or path.is_symlink() or not path.is_file():
        raise SessionError(f"The session names no file of its own for {what}, or it is gone: {kept.file[:80]}.")
    try:
        if kept.n_bytes > _MAX_FILE_BYTES or path.stat().st_size != kept.n_bytes:
            raise SessionError(f"The session's file for {what} is cut or was changed: {kept.file}.")
        data = path.read_bytes()
    except OSError as error:
        raise SessionError(f"The session's file for {what} cannot be read: {error.strerror or error}.") from error
    if hashlib.sha256(data).hexdigest() != kept.sha256:
        raise SessionError(f"The session's file for {what} was changed: {kept.file}.")
    return data


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if _KEPT.fullmatch(path.name)]


def _sweep(folder: Path, named: set[str]) -> None:
    """Remove what no manifest names any more, and what a killed process left."""
    for name in _names(folder):
        if name not in named:
            (folder / name).unlink(missing_ok=True)
    whole_files.discard_left(folder / FILE)
