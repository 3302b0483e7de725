"""Captures kept scenes for scripts, and proves scripts by running them in a fresh PyMOL; see `core.replaying`."""

from __future__ import annotations

import asyncio
import filecmp
import itertools
import pickle
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import whole_files
from ..core.errors import SceneError
from ..core.replaying import Captured, Proof, ScriptKind, ScriptLine, SettingNow
from ..core.scene import Call
from . import diff, replay_beside, replay_script
from .executor import Executor
from .history import History
from .replay_colors import numbered_alike
from .replay_commands import Said, said, view_call
from .replay_settings import LEFT_OUT
from .scene_hash import NOISY_SETTINGS, scene_hash
from .state import CALLBACK, State

_FRESH, _LOADED, _CAME = "fresh", "loaded", "came"
# What a file of objects alone holds, as PyMOL's own `get_session(partial=1)` writes it.
_OF_OBJECTS = ("version", "colors", "color_ext", "unique_settings", "selector_secrets")
_NEVER = ("wizard", "session", "main", "cache")  # pickles of classes, and the size of a window


class Replaying:
    """Implements `core.replaying.ReplayPort`.

    Args:
        executor: The one queue.
        cmd: The `pymol.cmd` module.
        history: Keeps the scenes.
    """

    def __init__(self, executor: Executor, cmd: Any, history: History) -> None:
        self._executor = executor
        self._cmd = cmd
        self._history = history
        self._fresh: State | None = None

    async def lines(self, commands: Sequence[str], *, copies_to: Path, copies_from: Path) -> Captured:
        """See ReplayPort."""
        copied: dict[Path, str] = {}

        def beside(path: Path) -> str:
            if not path.is_relative_to(copies_from) or not path.is_file():
                return ""
            return copied.setdefault(path, _free_name(path, copies_to))

        lines = await self._executor.call(lambda: replay_script.to_lines(self._cmd, commands, beside))
        for path, name in copied.items():
            await asyncio.to_thread(_copy, path, copies_to / name)
        return Captured(lines=tuple(lines), files=tuple(str(copies_to / name) for name in copied.values()))

    async def begin(self, mark: int, *, path: Path) -> Captured:
        """See ReplayPort."""
        state = await self._state(mark)
        fresh = await self._fresh_state()
        if not state.objects() and not state.selections():
            found = await asyncio.to_thread(said, fresh, state)
            if not found.not_said:
                return Captured(lines=await self._lines(found, state, path), words=_words(fresh, state))
        return await self._whole(state, path)

    async def between(self, before: int, after: int, *, path: Path) -> Captured:
        """See ReplayPort."""
        one, other = await self._state(before), await self._state(after)
        found = await asyncio.to_thread(said, one, other)
        if not found:
            return Captured()
        words = await asyncio.to_thread(_words, one, other)
        if found.not_said:
            whole = await self._whole(other, path)
            return whole.model_copy(update={"words": words, "not_said": words})
        lines = await self._lines(found, other, path)
        return Captured(lines=lines, words=words, files=(str(path),) if found.copies else ())

    async def prove(self, script: Path, kind: ScriptKind, wanted: int) -> Proof:
        """See ReplayPort."""
        state = await self._state(wanted)
        came = await self._run(((kind, str(script)), ("keep", _CAME)))
        return await asyncio.to_thread(_compared, state, came.states[_CAME], came.errors)

    async def settings_now(self, mark: int) -> tuple[SettingNow, ...]:
        """See ReplayPort."""
        state, fresh = await self._state(mark), await self._fresh_state()
        return tuple(
            SettingNow(name=name, value=text, default=fresh.texts[name])
            for name, text in state.texts.items()
            if name not in LEFT_OUT | NOISY_SETTINGS and fresh.texts.get(name, text) != text
        )

    async def pymol_version(self) -> str:
        """See ReplayPort."""
        return str((await self._executor.call(self._cmd.get_version))[0])

    async def _whole(self, state: State, path: Path) -> Captured:
        """The whole scene as a file, and what loading it does not bring back."""
        await asyncio.to_thread(_write, path, _session(state))
        came = await self._run((("load", str(path)), ("keep", _LOADED)))
        loaded = replace(came.states[_LOADED], color_names=state.color_names)
        found = await asyncio.to_thread(said, loaded, state)
        found.copies.clear()
        calls = [*found.before, *found.after]
        more = await self._executor.call(lambda: [replay_script.of_call(self._cmd, call) for call in calls])
        return Captured(lines=(replay_script.load_beside(path.name), *more), files=(str(path),))

    async def _lines(self, found: Said, state: State, path: Path) -> tuple[ScriptLine, ...]:
        def of(calls: Sequence[Call]) -> list[ScriptLine]:
            return [replay_script.of_call(self._cmd, call) for call in calls]

        first, last = await self._executor.call(lambda: (of(found.before), of(found.after)))
        if not found.copies:
            return (*first, *last)
        await asyncio.to_thread(_write, path, _objects(state, found.copies))
        view = await self._executor.call(lambda: of([view_call(state)]))  # loading may move the camera
        return (*first, replay_script.load_beside(path.name, {"partial": 1}), *last, *view)

    async def _fresh_state(self) -> State:
        if self._fresh is None:
            self._fresh = (await self._run((("keep", _FRESH),))).states[_FRESH]
        return self._fresh

    async def _run(self, steps: Sequence[replay_beside.Step]) -> replay_beside.Came:
        viewport = await self._executor.call(lambda: tuple(self._cmd.get_viewport()))
        return await replay_beside.run(steps, viewport=viewport, folder=str(Path.cwd()))

    async def _state(self, number: int) -> State:
        return await asyncio.to_thread(self._history.shelf.get, number)


def _compared(wanted: State, came: State, errors: tuple[str, ...]) -> Proof:
    """Equal in everything but what a window alone has; a camera to a thousandth."""
    one = _scene_only(wanted)
    other = _scene_only(numbered_alike(wanted, replace(came, color_names=wanted.color_names)))
    differences = _words(one, other)
    is_same = scene_hash(one) == scene_hash(other) and diff.view_of(one) == diff.view_of(other)
    if is_same:
        return Proof(exact=True, errors=errors)
    return Proof(exact=False, differences=differences or ("something that has no words differs",), errors=errors)


def _words(before: State, after: State) -> tuple[str, ...]:
    return diff.compare(_scene_only(before), _scene_only(after)).lines


def _scene_only(state: State) -> State:
    """Without settings of windows, and without objects that are drawn by code, which no file holds."""
    texts = {name: text for name, text in state.texts.items() if name not in LEFT_OUT}
    return replace(state, texts=texts)


def _session(state: State) -> dict[str, Any]:
    session = replace(state, parts=tuple(part for part in state.parts if part.kind != CALLBACK)).session()
    return {key: value for key, value in session.items() if key not in _NEVER}


def _objects(state: State, names: Sequence[str]) -> dict[str, Any]:
    """A session of some objects, for `load ..., partial=1`."""
    session = _session(state)
    kept = {key: session[key] for key in _OF_OBJECTS if key in session}
    return {**kept, "names": [None, *(entry for entry in session["names"] if entry and entry[0] in names)]}


def _write(path: Path, session: dict[str, Any]) -> None:
    try:
        whole_files.write(path, pickle.dumps(session, protocol=2))
    except OSError as error:
        raise SceneError(f"{path} cannot be written: {error.strerror or error}.") from error


def _free_name(path: Path, folder: Path) -> str:
    """A name for a copy that writes over nothing else."""
    names = itertools.chain((path.name,), (f"{number}-{path.name}" for number in itertools.count(2)))
    return next(name for name in names if not (folder / name).exists() or _is_same(path, folder / name))


def _is_same(path: Path, other: Path) -> bool:
    return other.is_file() and filecmp.cmp(path, other, shallow=False)


def _copy(path: Path, target: Path) -> None:
    if target.exists():
        return
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise SceneError(f"{target} cannot be written: {error.strerror or error}.") from error
