"""A fresh PyMOL without a window that runs a script and keeps what came of it; started by `replay`.

It writes no file but its own, draws no picture and uses no network: a replay must not do again what a step did
outside of the scene. What code writes goes to a folder that is thrown away. That keeps a replay tidy; it is no wall
against code that means harm, which was allowed when it ran first.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import json
import os
import runpy
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .beside_child import headless_pymol, run_job
from .disk import Disk
from .listening import Listener
from .scene_hash import scene_hash
from .state import settle
from .state_file import Header
from .taking import Taker

_NOTHING_DONE = (
    "png", "draw", "ray", "save", "multisave", "multifilesave", "mpng", "log_open", "log_close", "log", "quit",
    "refresh", "rebuild", "copy_image",
)  # fmt: skip
_REFUSED = (
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen", "os.system",
    "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
)  # fmt: skip
_REFUSED_OUTSIDE = ("os.remove", "os.rename", "os.rmdir", "os.truncate", "os.chmod", "os.link", "os.symlink")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> None:
    """Never returns."""
    run_job(_work)


def _work(job: dict[str, Any]) -> None:
    cmd = headless_pymol()
    cmd.viewport(*job["viewport"])
    out = Path(job["out"])
    disk, taker = Disk(out), Taker(cmd)
    fence = _Fence(out)
    fence.close()
    _without_pictures(cmd)
    run: dict[str, Callable[..., None]] = {
        "load": lambda path: cmd.load(path, quiet=1),
        "pml": lambda path: cmd.do(f"@{path}"),
        "py": lambda path: _python(path),
        "ipynb": lambda path: _notebook(path),
        "keep": lambda name: _keep(taker, disk, name),
    }
    with Listener(cmd).listening() as heard:
        for what, argument in job["steps"]:
            run[what](argument)
    errors = [*heard.reported(), *heard.shown(), *fence.refused]
    (out / "errors.json").write_text(json.dumps(list(dict.fromkeys(errors))))


def _keep(taker: Taker, disk: Disk, name: str) -> None:
    state = settle(taker.take())
    disk.write(name, state, Header(time.time(), len(state.objects()), 0, scene_hash(state)))


def _python(path: str) -> None:
    with _said():
        runpy.run_path(path, run_name="__main__")


def _notebook(path: str) -> None:
    """Cell after cell, in the notebook's own folder, as Jupyter does."""
    book = json.loads(Path(path).read_text(encoding="utf-8"))
    names = {"__name__": "__main__"}
    here = Path.cwd()
    os.chdir(Path(path).parent)
    try:
        for number, cell in enumerate(book["cells"]):
            if cell["cell_type"] == "code":
                with _said():
                    exec(compile("".join(cell["source"]), f"cell {number + 1}", "exec"), names)  # noqa: S102  # the script
    finally:
        os.chdir(here)


@contextlib.contextmanager
def _said() -> Any:
    """An error ends the script; the report says which, and the comparison what that left undone."""
    from pymol import colorprinting  # noqa: PLC0415  # PyMOL reads its options at import

    try:
        yield
    except Exception as error:  # noqa: BLE001  # border: whatever the script raises is its result
        colorprinting.error(f"{type(error).__name__}: {error}")


def _without_pictures(cmd: Any) -> None:
    def nothing(*_arguments: Any, **_named: Any) -> None:
        """Not in a replay."""

    for name in _NOTHING_DONE:
        if hasattr(cmd, name):
            setattr(cmd, name, nothing)
        if name in cmd.keyword:
            cmd.keyword[name] = [nothing, *cmd.keyword[name][1:]]


class _Fence:
    """Keeps what Python does inside one folder; closed once, for the rest of the process.

    Args:
        folder: Where files may be written.
    """

    def __init__(self, folder: Path) -> None:
        self.refused: list[str] = []
        self._folder = folder.resolve()
        self._shadow = self._folder / "written"
        self._shadow.mkdir()
        self._opened = {"builtins": builtins.open, "io": io.open}
        self._names: dict[str, Path] = {}

    def close(self) -> None:
        """From now on."""
        sys.dont_write_bytecode = True
        tempfile.tempdir = str(self._shadow)
        builtins.open = io.open = self._open
        sys.addaudithook(self._hear)

    def _open(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        if isinstance(file, (str, os.PathLike)):
            file = self._shadowed(os.fsdecode(os.fspath(file)), is_written=any(letter in mode for letter in "wax+"))
        return self._opened["builtins"](file, mode, *arguments, **named)

    def _shadowed(self, path: str, *, is_written: bool) -> str:
        full = str(Path(path).absolute())
        if self._is_ours(full) or full == os.devnull:
            return path
        if is_written and full not in self._names:
            self._names[full] = self._shadow / f"{len(self._names)}-{Path(full).name}"
        return str(self._names.get(full, path))

    def _is_ours(self, path: str) -> bool:
        return Path(path).resolve().is_relative_to(self._folder)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED or (event in _REFUSED_OUTSIDE and not self._is_inside(arguments)):
            self._refuse(event, arguments)
        if event == "open" and self._writes_outside(*arguments[:3]):
            self._refuse("writing", arguments)

    def _is_inside(self, arguments: tuple[Any, ...]) -> bool:
        paths = [item for item in arguments if isinstance(item, (str, bytes, os.PathLike))]
        return all(self._is_ours(os.fsdecode(path)) for path in paths)

    def _writes_outside(self, path: Any, mode: Any, flags: Any) -> bool:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return False
        writes = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool((flags or 0) & _WRITES)
        name = os.fsdecode(path)
        return writes and name != os.devnull and not self._is_ours(name)

    def _refuse(self, what: str, arguments: tuple[Any, ...]) -> None:
        said = f"not done again in a replay: {what} {' '.join(map(str, arguments[:1]))}"
        self.refused.append(said)
        raise PermissionError(said)


if __name__ == "__main__":
    main()
