"""The scene door: every method is one call in the executor's queue, so nothing interleaves with the user."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pymol

from ..core.errors import SceneError, SelectionEmpty
from ..core.ports import Vocabulary
from ..core.risk import Assessment
from ..core.scene import (
    LINKED,
    AtomRow,
    Call,
    CommandOutput,
    HostFacts,
    LoadedFile,
    SceneDiff,
    SceneFile,
    SceneMark,
    SceneSnapshot,
    SelectionSummary,
)
from . import counting, docs, host, loading, picture, policy, selection_check, session_file, snapshot, vocabulary
from .camera import Camera
from .executor import Executor
from .history import History
from .long_call import Hold
from .recovery import load_recovered
from .replay import Replaying
from .running import Running

T = TypeVar("T")


class Gateway:
    """Implements `core.ports.ScenePort` and `HistoryPort` on a running PyMOL.

    Args:
        executor: The one queue.
        cmd: The `pymol.cmd` module.
        window: PyMOL's main window, or None without a GUI.
        command_limit_s: After which a single command is interrupted.
        states_folder: Of this session, so that its newest scene is found after a crash; see `recovery`.
    """

    def __init__(
        self,
        executor: Executor,
        cmd: Any,
        window: Any = None,
        *,
        command_limit_s: float = 300.0,
        states_folder: Path | None = None,
    ) -> None:
        self._executor = executor
        self._cmd = cmd
        self._window = window
        self._hold = _hold(cmd, window)
        self._camera = Camera(cmd, flies=window is not None)
        self._running = Running(executor, cmd, window, self._hold, self._camera, command_limit_s=command_limit_s)
        self._history = History(cmd, states_folder)
        self.replaying = Replaying(executor, cmd, self._history)

    async def snapshot(self) -> SceneSnapshot:
        """See ScenePort."""
        return await self._executor.call(lambda: snapshot.read(self._cmd))

    async def run_commands(self, text: str) -> CommandOutput:
        """See ScenePort."""
        return await self._running.text(text)

    async def call(self, call: Call, *, in_script: bool = True) -> CommandOutput:
        """See ScenePort."""
        return await self._running.call(call, in_script=in_script)

    async def write_down(self, call: Call) -> None:
        """See ScenePort."""
        await self._executor.call(lambda: self._running.journal.called(call, CommandOutput()))

    async def run_python(self, code: str) -> CommandOutput:
        """See ScenePort."""
        return await self._running.python(code)

    def take_journal(self) -> tuple[str, ...]:
        """See ScenePort."""
        return self._running.journal.take()

    async def assess(self, what: str | Sequence[Call]) -> Assessment:
        """See ScenePort."""
        return await self._executor.call(lambda: policy.assess(self._cmd, what))

    async def assess_file(self, path: str, *, writes: bool) -> Assessment:
        """See ScenePort."""
        return await self._executor.call(lambda: policy.assess_file(self._cmd, path, writes=writes))

    async def check(self, selection: str) -> SelectionSummary:
        """See ScenePort."""
        return await self._executor.call(lambda: selection_check.check(self._cmd, selection))

    async def summarise(self, selection: str) -> SelectionSummary:
        """See ScenePort."""
        return await self._executor.call(lambda: self._summarise(selection))

    async def count_each(self, selections: Sequence[str]) -> tuple[int, ...]:
        """See ScenePort."""
        return await self._executor.call(lambda: counting.count_each(self._cmd, selections))

    async def atoms(self, selection: str, *, limit: int = 5000) -> list[AtomRow]:
        """See ScenePort."""
        return await self._executor.call(lambda: self._atoms(selection, limit))

    async def area(self, selection: str, *, solvent: bool) -> float:
        """See ScenePort."""
        await self._executor.call(lambda: self._with_atoms(selection))
        return await self._running.area(selection, solvent=solvent)

    async def image(self, *, max_width_px: int = 1024) -> bytes:
        """See ScenePort."""
        return await self._arrived(lambda: picture.png(self._cmd, self._window, max_width_px))

    async def help(self, topic: str) -> str:
        """See ScenePort."""
        entries = await self._executor.call(lambda: docs.collect(self._cmd))
        found = await asyncio.to_thread(docs.search, entries, topic)
        return await self._executor.call(lambda: docs.answer(self._cmd, topic, found))

    async def ray(self, *, width_px: int, height_px: int, opaque: bool = False) -> bytes:
        """See ScenePort."""
        await self._executor.call(self._camera.arrive)
        return await self._running.renderer.ray(width_px=width_px, height_px=height_px, opaque=opaque)

    async def keep(self) -> SceneMark:
        """See HistoryPort."""
        taken = await self._arrived(self._history.take)
        return await asyncio.to_thread(self._history.settle, taken)

    async def compare(self, before: int, after: int) -> SceneDiff:
        """See HistoryPort."""
        return await asyncio.to_thread(self._history.compare, before, after)

    async def restore(self, number: int, *, keep_view: bool = False) -> SceneDiff:
        """See HistoryPort."""
        state, session = await asyncio.to_thread(self._history.session_of, number)
        bring_back = self._history.bring_back
        restored = await self._arrived(lambda: bring_back(state, session, keep_view=keep_view))
        return await asyncio.to_thread(self._history.confirm, state, restored)

    async def forget(self, numbers: Sequence[int]) -> None:
        """See HistoryPort."""
        await asyncio.to_thread(self._history.forget, numbers)

    async def recover(self, folder: Path) -> SceneMark:
        """A state of a session that died (see `recovery.recoverable`) as one that `restore` takes.

        Raises:
            SceneError: Its files are damaged.
        """
        state = await asyncio.to_thread(load_recovered, folder)
        return await asyncio.to_thread(self._history.adopt, state)

    async def scene_file(self, *, unless: str = "") -> SceneFile | None:
        """See SceneFilesPort."""
        mark = await self.keep()
        try:
            return await asyncio.to_thread(self._history.as_file, mark, unless)
        finally:
            await self.forget([mark.number])

    async def shows(self, mark: str) -> bool:
        """See SceneFilesPort."""
        now = await self.keep()
        try:
            return await asyncio.to_thread(self._history.is_shown, now, mark)
        finally:
            await self.forget([now.number])

    def scene_file_now(self, *, unless: str = "") -> SceneFile | None:
        """As `scene_file`, where PyMOL quits and no loop runs any more; on PyMOL's thread, and only while it is idle.

        Raises:
            SceneError: It is too large, or PyMOL is in the middle of something.
        """
        if not self._executor.is_idle:
            raise SceneError("PyMOL is in the middle of something.")
        self._camera.arrive()
        return self._history.as_file(self._history.keep(), unless, session_file.MAX_BYTES_AT_ONCE)

    async def read_scene_file(self, file: SceneFile, *, trusted: bool) -> SceneMark:
        """See SceneFilesPort."""
        state = await asyncio.to_thread(session_file.read, file.pse, file.settings, trusted=trusted)
        return await asyncio.to_thread(self._history.adopt, state)

    def close_history(self) -> None:
        """PyMOL quits as it should: nothing is left to recover. Waits for a write that is under way."""
        self._history.close()

    async def load_file(
        self, path: str, *, name: str, entries: tuple[str, ...] = (), possible_atoms: range | None = None
    ) -> LoadedFile:
        """See ScenePort."""
        steps = functools.partial(loading.load, self._cmd, self._running.runner, path, name, entries, possible_atoms)
        loaded = await self._executor.call_long(steps, self._hold)
        for call in loading.calls(path, loaded, entries):
            await self.write_down(call)
        return loaded

    async def _arrived(self, look: Callable[[], T]) -> T:
        """Run what looks through the camera, once it is where it flies to."""

        def run() -> T:
            self._camera.arrive()
            return look()

        return await self._executor.call(run)

    def _checked(self, name: str, selection: str, **kwargs: Any) -> Any:
        """Call an API function on a selection that exists, with PyMOL's message when it does not parse."""
        try:
            return getattr(self._cmd, name)(selection=selection, **kwargs)
        except pymol.CmdException as error:
            raise selection_check.refusal(self._cmd, selection, error) from error

    def _summarise(self, selection: str) -> SelectionSummary:
        n_atoms = self._checked("count_atoms", selection)
        if not n_atoms:
            return SelectionSummary(selection=selection, n_atoms=0)
        residues: dict[tuple[str, str, str, str], None] = {}
        space = {"note": lambda *key: residues.setdefault(key)}
        self._cmd.iterate(selection, "note(model, chain, resi, resn)", space=space, quiet=1)
        return SelectionSummary(
            selection=selection,
            n_atoms=n_atoms,
            n_residues=len(residues),
            objects=tuple(dict.fromkeys(key[0] for key in residues)),
            chains=tuple(dict.fromkeys(key[1] for key in residues)),
        )

    def _atoms(self, selection: str, limit: int) -> list[AtomRow]:
        self._with_atoms(selection)
        rows: list[AtomRow] = []

        def keep(*values: Any) -> None:
            if len(rows) < limit:
                rows.append(AtomRow.model_validate(dict(zip(AtomRow.model_fields, values, strict=True))))

        expression = "keep(model, chain, resn, resi, name, elem, b, x, y, z)"
        self._cmd.iterate_state(-1, selection, expression, space={"keep": keep}, quiet=1)
        return rows

    def _with_atoms(self, selection: str) -> None:
        if not self._checked("count_atoms", selection):
            raise SelectionEmpty(f"The selection `{selection}` matches no atom.")

    async def host(self) -> HostFacts:
        """See ScenePort."""
        return await self._executor.call(lambda: host.facts(self._cmd, self._window))

    async def names(self) -> dict[str, str]:
        """See ScenePort."""
        return await self._executor.call(lambda: vocabulary.names(self._cmd))

    async def legal_name(self, name: str) -> str:
        """See ScenePort."""
        return await self._executor.call(lambda: str(self._cmd.get_legal_name(name)))

    async def vocabulary(self, kind: Vocabulary) -> tuple[str, ...]:
        """See ScenePort."""
        return await self._executor.call(lambda: vocabulary.words(self._cmd, kind))

    async def setting(self, name: str, selection: str = "") -> str:
        """See ScenePort."""
        return await self._executor.call(lambda: vocabulary.setting_text(self._cmd, name, selection))

    async def point_at(self, selection: str, *, around_angstrom: float, seconds: float) -> int:
        """See ScenePort."""
        return await self._executor.call(lambda: self._point_at(selection, around_angstrom, seconds))

    def _point_at(self, selection: str, around_angstrom: float, seconds: float) -> int:
        (n_atoms,) = counting.count_each(self._cmd, (selection,))
        if n_atoms:
            self._cmd.select(LINKED, selection, enable=1, quiet=1)
            self._camera.fly_to(f"%{LINKED}", around_angstrom=around_angstrom, seconds=seconds)
        return n_atoms

    async def closeup(self, selection: str, *, max_width_px: int = 1024) -> bytes:
        """See ScenePort."""
        return await self._arrived(lambda: self._closeup(selection, max_width_px))

    def _closeup(self, selection: str, max_width_px: int) -> bytes:
        view = self._cmd.get_view()
        self._checked("zoom", selection, buffer=2, animate=0)
        try:
            return picture.png(self._cmd, self._window, max_width_px)
        finally:
            self._cmd.set_view(view)


def _hold(cmd: Any, window: Any) -> Hold | None:
    if window is None:
        return None
    from .busy import Busy  # noqa: PLC0415  # Qt, which a PyMOL without a window need not have

    return Busy(cmd, window)
