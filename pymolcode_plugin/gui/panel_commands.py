"""The panel's own slash commands: what the head, the options' menu and the usage line do, by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.risk import Mode
from .slash import SlashCommand, SlashCommands

if TYPE_CHECKING:
    from .controller import Controller


def panel_commands(controller: Controller) -> SlashCommands:
    """The commands that every panel has."""
    commands = SlashCommands()
    for command in (
        SlashCommand("new", "begin an empty chat; the scene stays", lambda _rest: controller.new_chat()),
        SlashCommand("model", "choose the model", lambda _rest: _show_models(controller)),
        SlashCommand("mode", "how much runs without a question", lambda rest: _mode(controller, rest), _MODES, True),
        SlashCommand(
            "undo", "take back the last turn, or its last step", lambda rest: _undo(controller, rest), "[step]"
        ),
        SlashCommand("redo", "do again what was undone last", lambda _rest: controller.redo()),
        SlashCommand("compact", "make what the model is reminded of shorter", lambda _rest: controller.compact()),
        SlashCommand(
            "settings", "change what always holds", lambda rest: _settings(controller, rest), "[SECTION]", True
        ),
        SlashCommand("doctor", "look whether everything is right", lambda _rest: _doctor(controller), while_busy=True),
        SlashCommand("cost", "what this chat took", lambda _rest: _cost(controller), while_busy=True),
        SlashCommand(
            "help", "this list", lambda _rest: controller.say(f"{commands.help()}\n\n{_KEYS}"), while_busy=True
        ),
    ):
        commands.add(command)
    return commands


_MODES = "[ask|auto|plan]"
_KEYS = """@ names what is in the scene: objects, selections, chains, ligands, scenes, files.
Enter sends, Shift+Enter breaks the line, Up and Down bring earlier prompts back, Ctrl+R finds one.
While it works: Enter lets a message wait, Ctrl+Enter says it at the next step, Esc stops.
Ctrl+F finds in this chat."""


def _show_models(controller: Controller) -> None:
    if controller.models is not None:
        controller.models.show()


def _settings(controller: Controller, rest: str) -> None:
    if controller.settings is not None:
        controller.settings.show(rest)


def _doctor(controller: Controller) -> None:
    if controller.doctor is not None:
        controller.doctor.show()


def _mode(controller: Controller, rest: str) -> None:
    options = controller.options
    if options is None:
        return
    if rest and rest not in [mode.value for mode in Mode]:
        controller.say(f"The mode is ask, auto or plan, not {rest}.", "warning")
        return
    if rest:
        options.set_mode(Mode(rest))
    controller.say(f"The mode is {options.mode.value}.")


def _undo(controller: Controller, rest: str) -> None:
    if rest == "step":
        controller.undo_step()
    else:
        controller.undo()


def _help(controller: Controller) -> None:
    controller.say(f"{controller.commands.help()}\n\n{_KEYS}")


def _cost(controller: Controller) -> None:
    controller.say(controller.usage_words())
