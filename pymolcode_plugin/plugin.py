"""Life inside PyMOL: the menu entry, the commands, opening the panel, and the end.

Light at import, because PyMOL's start pays for it: everything heavy is imported in a worker thread when the
panel first opens.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pymol import cmd, parsing

from .core.errors import PymolcodeError

if TYPE_CHECKING:
    from .app import Application

_MENU_LABEL = "pymolcode"


class _Life:
    """What has been set up in this PyMOL."""

    registered: bool = False
    opening: bool = False
    application: Application | None = None
    box: Any = None  # a message on screen; Qt deletes a window that nobody holds
    waiting: list[Any]  # what to do once the panel is open

    def __init__(self) -> None:
        self.waiting = []


_life = _Life()


def register(*, with_menu: bool = True) -> None:
    """Add the menu entry and the commands `ask`, `ask_agent` and `agent_undo`; once, however often it is called."""
    if _life.registered:
        return
    _life.registered = True
    if with_menu:
        from pymol.plugins import addmenuitemqt  # noqa: PLC0415  # needs a window

        addmenuitemqt(_MENU_LABEL, open_panel)
    for name, function in (("ask", ask), ("ask_agent", ask_agent), ("agent_undo", agent_undo)):
        cmd.extend(name, function)
        # The rest of the line is one argument: a question has commas.
        cmd.keyword[name] = [function, 0, 0, "", parsing.LITERAL]
    _hook_quit()


def open_panel() -> None:
    """Show the panel and put the cursor in it."""
    _when_open(lambda application: application.dock.focus_composer())


def ask(text: str = "") -> None:
    """DESCRIPTION

        "ask" sends a question or a task to the agent in the pymolcode panel.

    USAGE

        ask TEXT

    Example:
        ask which residues are within 4 A of the ligand?
    """  # noqa: D415  # PyMOL's own form of help
    question = text.strip()

    def _submit(application: Application) -> None:
        application.dock.show_panel()
        if question:
            application.controller.submit(question)
        else:
            application.dock.focus_composer()

    _when_open(_submit)


def ask_agent(selection: str = "sele") -> None:
    """DESCRIPTION

        "ask_agent" attaches a selection to the next message of the pymolcode panel. Nothing is sent yet.

    USAGE

        ask_agent [SELECTION]
    """  # noqa: D415
    name = selection.strip() or "sele"
    _when_open(lambda application: application.dock.attach_selection(name))


def agent_undo(_ignored: str = "") -> None:
    """DESCRIPTION

        "agent_undo" brings back the scene from before the agent's last turn that changed it.

    USAGE

        agent_undo
    """  # noqa: D415
    _when_open(lambda application: application.controller.undo())


def application() -> Application | None:
    """The open panel's parts; None before it was first opened."""
    return _life.application


def _when_open(do: Any) -> None:  # noqa: ANN401  # a callable on Application
    if _life.application is not None:
        do(_life.application)
        return
    _life.waiting.append(do)
    if _life.opening:
        return
    _life.opening = True
    from .core.tasks import spawn  # noqa: PLC0415  # asyncio costs PyMOL's start
    from .gui.event_loop import ensure_loop  # noqa: PLC0415

    ensure_loop()
    spawn(_open(), name="open the panel", on_error=_on_open_failed)


async def _open() -> None:
    import asyncio  # noqa: PLC0415  # see above

    from pymol.gui import get_qtwindow  # noqa: PLC0415  # needs a window

    # In a worker thread, so that the window stays alive while pydantic and the rest are read from disk.
    module = await asyncio.to_thread(importlib.import_module, f"{__package__}.app")
    opened = module.Application(cmd, get_qtwindow())
    _life.application = opened
    waiting, _life.waiting = _life.waiting, []
    for do in waiting:
        do(opened)


def _on_open_failed(error: BaseException) -> None:
    from pymol import colorprinting  # noqa: PLC0415  # only here

    _life.opening = False
    _life.waiting.clear()
    reason = error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"
    colorprinting.error(f" pymolcode: the panel could not open: {reason}")
    _life.box = _message_box(f"The panel could not open.\n\n{reason}")


def _message_box(text: str) -> Any:  # noqa: ANN401  # pymol.Qt is untyped
    """Shown without a loop of its own: this is called from the asyncio loop, which a nested one would break."""
    from pymol.gui import get_qtwindow  # noqa: PLC0415  # only here
    from pymol.Qt import QtWidgets  # noqa: PLC0415

    box = QtWidgets.QMessageBox(QtWidgets.QMessageBox.Icon.Warning, "pymolcode", text, parent=get_qtwindow())
    box.open()
    return box


def _hook_quit() -> None:
    """PyMOL ends through C's exit(): no atexit, no finally. Without this hook the model server would outlive it."""
    original = cmd._quit  # the one place that every way of quitting passes

    def _quit(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # passed on as they are
        if _life.application is not None:
            _life.application.close()
        return original(*args, **kwargs)

    cmd._quit = _quit
