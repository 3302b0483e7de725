"""Life inside PyMOL: the menu entry, the commands, opening the panel, and the end.

Light at import, because PyMOL's start pays for it: everything heavy is imported in a worker thread when the
panel first opens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pymol import cmd, parsing

from .core.errors import PymolcodeError

if TYPE_CHECKING:
    from .app import Application

_MENU_LABEL = "pymolcode"
_QUESTION = re.compile(r",\s*question\s*=")


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
    """Add the menu entry and the commands; once, however often it is called."""
    if _life.registered:
        return
    _life.registered = True
    if with_menu:
        from pymol.plugins import addmenuitemqt  # noqa: PLC0415  # needs a window

        addmenuitemqt(_MENU_LABEL, open_panel)
    for function in (ask, ask_agent, agent_undo, agent_redo, agent_mode):
        cmd.extend(function.__name__, function)
        # The rest of the line is one argument: a question has commas.
        cmd.keyword[function.__name__] = [function, 0, 0, "", parsing.LITERAL]
    _hook_quit()
    if not with_menu:
        _after_start()
        return
    from pymol.Qt import QtCore  # noqa: PLC0415  # needs a window

    QtCore.QTimer.singleShot(0, _after_start)  # nobody right-clicks before the window is there


def _after_start() -> None:
    """What PyMOL's start need not pay for: our entry in its menus, and the panel where it is to open by itself."""
    from .gui import dock_state  # noqa: PLC0415  # see above
    from .scene import menus  # noqa: PLC0415  # see above

    menus.install()
    if dock_state.opens_at_start():
        _when_open(lambda application: application.dock.show_panel())


def open_panel() -> None:
    """Show the panel and put the cursor in it."""
    _when_open(lambda application: application.dock.focus_composer())


def resume(folder: str) -> None:
    """Show the panel and go on with a chat that was kept.

    Args:
        folder: Name of its folder.
    """

    def _resume(application: Application) -> None:
        application.dock.show_panel()
        if application.controller.sessions is not None:
            application.controller.sessions.open(folder)

    _when_open(_resume)


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


def ask_agent(selection: str = "sele") -> None:  # noqa: D417  # see `ask`
    """DESCRIPTION

        "ask_agent" attaches a selection or an object to the next message of the pymolcode panel, and writes a
        question down where one is given. Nothing is sent yet.

    USAGE

        ask_agent [ SELECTION ] [, question=TEXT ]

    ARGUMENTS

        SELECTION = any selection or name {default: sele}; it is resolved when the message is sent

    EXAMPLES

        ask_agent organic
        ask_agent chain A and resi 25, question=What does this residue do?

    SEE ALSO

        ask
    """  # noqa: D405, D412, D415, D416  # see `ask`
    from .scene import pointed_at  # noqa: PLC0415  # PyMOL's start would pay for it

    what, *question = (part.strip() for part in _QUESTION.split(selection, maxsplit=1))
    try:
        target = pointed_at.named(cmd, what or "sele")
        is_something = target.kind != "scene" or cmd.count_atoms(target.expression) > 0
    except Exception as error:  # noqa: BLE001  # border: a bad selection, or none; nothing else is told of it
        reason = error.args[0] if isinstance(error, LookupError) else f"`{what or 'sele'}` is no selection or object"
        _complain(f"ask_agent: {reason}. Nothing was attached.")
        return

    def _attach(application: Application) -> None:
        if is_something:
            application.dock.attach_selection(target.expression, target.label)
        application.dock.propose("".join(question))

    _when_open(_attach)


def agent_undo(what: str = "turn") -> None:
    """DESCRIPTION

        "agent_undo" brings back the scene from before the agent's last turn, or its last step, that changed it.

    USAGE

        agent_undo [ turn | step ]

    NOTES

        PyMOL's own "undo" restores neither colours nor deletions. What was changed by hand since then would be
        taken back too, so the panel asks.

    SEE ALSO

        agent_redo
    """  # noqa: D405, D412, D415, D416  # see `ask`
    word = what.strip().lower() or "turn"
    if word not in ("turn", "step"):
        _complain(f"agent_undo: `{word}` is neither turn nor step")
        return

    def _undo(application: Application) -> None:
        application.dock.show_panel()
        if word == "turn":
            application.controller.undo()
        else:
            application.controller.undo_step()

    _when_open(_undo)


def agent_redo(_ignored: str = "") -> None:
    """DESCRIPTION

        "agent_redo" does again what was undone last.

    USAGE

        agent_redo

    SEE ALSO

        agent_undo
    """  # noqa: D405, D412, D415, D416  # see `ask`

    def _redo(application: Application) -> None:
        application.dock.show_panel()
        application.controller.redo()

    _when_open(_redo)


def agent_mode(mode: str = "") -> None:  # noqa: D417  # see `ask`
    """DESCRIPTION

        "agent_mode" sets how much the agent does without a question, until PyMOL is closed; alone it says how much.

    USAGE

        agent_mode [ ask | auto | plan ]

    ARGUMENTS

        ask = what changes the scene runs and can be undone; deleting, fetching and code ask first

        auto = only code, the network, replacing files and files outside the working folder ask first

        plan = nothing that changes anything runs; the agent proposes steps
    """  # noqa: D405, D412, D415, D416  # see `ask`
    word = mode.strip().lower()
    if word not in ("", "ask", "auto", "plan"):
        _complain(f"agent_mode: `{word}` is none of ask, auto, plan")
        return
    _when_open(lambda application: _set_mode(application, word))


def _set_mode(application: Application, word: str) -> None:
    from .core.risk import Mode  # noqa: PLC0415  # pydantic costs PyMOL's start

    options = application.controller.options
    if options is None:
        return
    if word:
        options.set_mode(Mode(word))
    print(f" pymolcode: the mode is {options.mode.value}.")  # noqa: T201  # PyMOL shows it where the command was typed


def _complain(text: str) -> None:
    from pymol import colorprinting  # noqa: PLC0415  # only here

    colorprinting.error(f" Error: {text}")


def application() -> Application | None:
    """The open panel's parts; None before it was first opened."""
    return _life.application


def _when_open(do: Any) -> None:  # noqa: ANN401  # a callable on Application
    from .scene import menus  # noqa: PLC0415  # PyMOL's start would pay for it

    menus.install()  # again: another plugin, or a reload, may have replaced a menu since PyMOL started
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

    from .core.heavy import imported  # noqa: PLC0415  # see above

    # In a worker thread, so that the window stays alive while pydantic and the rest are read from disk.
    module = await asyncio.to_thread(imported, ".app", __package__)
    opened = module.Application(cmd, get_qtwindow())
    await opened.open()
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
