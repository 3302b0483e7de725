"""From what is written and attached to what is sent: at once, next, or to the turn that runs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import paths
from ..core.attachments import Message, Picture
from ..core.errors import PymolcodeError
from ..core.events import Steered
from ..core.outgoing import Data
from ..core.risk import Mode
from ..core.tasks import spawn
from ..session.prompts import Prompts
from ..tools.load import is_loaded
from . import pictures
from .chips import Attached
from .completing import Completing
from .dock import AgentDock
from .outbox import Outbox, Waiting
from .qt import QtGui

if TYPE_CHECKING:
    from .controller import Controller

_FULL = "So many messages wait that no more can; this one stays where you write."
_CANNOT_STEER = "This model cannot be told anything before it is done; it is the next message."
_NO_PICTURE_NOW = "A picture can only go with the next message, so that is what this is."
_MANY_PICTURES = f"No more than {pictures.MAX_PICTURES} pictures go with a message."
_FOLDER = "{name} is a folder; drop the files in it that are meant."
_PLANNING = "The mode is plan, in which nothing is loaded, so {name} is attached as a file."
_MAX_DROPPED = 50  # files at a time


class Sending:
    """What the composer, the chips and the lines above it do.

    Args:
        controller: Runs turns and commands.
        dock: The panel.
    """

    def __init__(self, controller: Controller, dock: AgentDock) -> None:
        self._controller = controller
        self._dock = dock
        self._prompts = Prompts(paths.prompts_file())
        self._one_at_a_time = asyncio.Lock()
        self.outbox = Outbox()
        composer, lines = dock.composer, dock.waiting
        dock.submitted.connect(self._on_dock_submitted)
        dock.steered.connect(self._on_dock_steered)
        composer.submitted_blank.connect(self._on_composer_submitted_blank)
        composer.shortened.connect(self._on_composer_shortened)
        composer.image_given.connect(self._on_image_given)
        dock.files_given.connect(self._on_files_given)
        lines.edit_requested.connect(self._on_lines_edit_requested)
        lines.removal_requested.connect(self._on_lines_removal_requested)
        lines.steer_requested.connect(self._on_lines_steer_requested)
        lines.send_requested.connect(lambda _number: self._send_held())

    def start(self) -> None:
        """Read what was asked in earlier sessions, and offer what can be completed."""
        conversation = self._controller.conversation
        assert conversation is not None  # noqa: S101  # the controller has just taken it
        self.completing = Completing(
            self._dock.composer, self._dock.completions, self._controller.commands, conversation.mentionable
        )
        spawn(self._read_prompts(), name="read earlier prompts", on_error=self._controller.tell_failure)

    def submit(self, message: Message) -> None:
        """Send what was asked elsewhere than in the composer, where Up brings it back as well."""
        self._dock.composer.recall.add(message.text)
        self._remember(message.text)
        self.send(message)

    def send(self, message: Message) -> None:
        """Send it now, or when the turn that runs is done."""
        if self._controller.busy or self._controller.conversation is None:
            self._wait(message)
        else:
            self._controller.run(message)

    def steer(self, message: Message) -> None:
        """Say it to the turn that runs; where that cannot be, it is the next message."""
        if not self._controller.busy:
            self.send(message)
        elif self._wait(message):
            self._steer(self.outbox.waiting[-1])

    def heard(self, event: Steered) -> None:
        """The turn that runs was told."""
        self.outbox.heard(event.text)
        self.show()

    def turn_over(self, *, well: bool) -> None:
        """Nothing runs any more: send what is next."""
        self.outbox.turn_over(well=well)
        self._next()

    def show(self) -> None:
        """Show what waits."""
        self._dock.waiting.show_waiting(self.outbox.waiting, busy=self._controller.busy)

    def clear(self) -> None:
        """A new chat."""
        self.outbox.clear()
        self.show()

    def _next(self) -> None:
        waiting = self.outbox.next()
        if waiting is not None and waiting.load:
            self._controller.load_file(waiting.load)
        elif waiting is not None:
            self._controller.run(waiting.message)
        self.show()

    def _send_held(self) -> None:
        """The user wants it: the rest follows by itself again."""
        if not self._controller.busy and self.outbox.held:
            self.outbox.release()
            self._next()

    def _wait(self, message: Message, load: str = "") -> bool:
        if self.outbox.full:
            self._controller.say(_FULL, "warning")
            if not load:
                self._dock.composer.keep(message.text)
                self._dock.chips.put(Attached(message.selections, message.images, message.files))
            return False
        self.outbox.add(message, load=load)
        self.show()
        return True

    def _steer(self, waiting: Waiting) -> None:
        conversation = self._controller.conversation
        if conversation is not None and conversation.steer(waiting.message):
            self.outbox.steer(waiting.number)
        else:
            self._controller.say(_NO_PICTURE_NOW if waiting.message.images else _CANNOT_STEER)
        self.show()

    def _message(self, text: str) -> Message:
        attached = self._dock.chips.take()
        return Message(text=text, selections=attached.selections, images=attached.images, files=attached.files)

    async def _read_prompts(self) -> None:
        self._dock.composer.recall.put_before(await asyncio.to_thread(self._prompts.recent))

    def _remember(self, text: str) -> None:
        spawn(self._write(text), name="write down a prompt", on_error=lambda _error: None)  # recall is no record

    async def _write(self, text: str) -> None:
        async with self._one_at_a_time:
            await asyncio.to_thread(self._prompts.add, text)

    def _on_dock_submitted(self, text: str) -> None:
        self._remember(text)
        command = self._controller.commands.parsed(text)
        if command is not None:
            self._controller.run_command(*command)
        else:
            self.send(self._message(text))

    def _on_dock_steered(self, text: str) -> None:
        if self._controller.commands.parsed(text) is not None:
            self._on_dock_submitted(text)
            return
        self._remember(text)
        self.steer(self._message(text))

    def _on_composer_submitted_blank(self) -> None:
        if self.outbox.held and not self._controller.busy:
            self._send_held()
        elif any(self._dock.chips.attached):
            self._dock.head.set_activity("Write what to do with what is attached")

    def _on_composer_shortened(self, n_left_out: int) -> None:
        self._controller.say(
            f"{n_left_out:,} characters of what was pasted are left out: a message has room for 60,000. Drop the file "
            "on the panel instead.",
            "warning",
        )

    def _on_lines_edit_requested(self, number: int) -> None:
        waiting = self._taken_out(number)
        if waiting is not None:
            self._dock.composer.keep(waiting.message.text)
            message = waiting.message
            self._dock.chips.put(Attached(message.selections, message.images, message.files))
            self._dock.composer.setFocus()

    def _on_lines_removal_requested(self, number: int) -> None:
        self._taken_out(number)
        self._dock.composer.setFocus()

    def _taken_out(self, number: int) -> Waiting | None:
        waiting = self.outbox.remove(number)
        conversation = self._controller.conversation
        if waiting is not None and waiting.steering and conversation is not None:
            conversation.take_back(waiting.message)
        self.show()
        return waiting

    def _on_lines_steer_requested(self, number: int) -> None:
        waiting = self.outbox.find(number)
        if waiting is not None and self._controller.busy:
            self._steer(waiting)

    def _on_image_given(self, image: QtGui.QImage) -> None:
        spawn(self._attach_image(image), name="attach a picture", on_error=self._tell_failure)

    def _on_files_given(self, given: list[str]) -> None:
        spawn(self._take_files(given[:_MAX_DROPPED]), name="take files", on_error=self._tell_failure)

    def _tell_failure(self, error: BaseException) -> None:
        if isinstance(error, PymolcodeError):
            self._controller.say(error.message, "warning")
        else:
            self._controller.tell_failure(error)

    async def _attach_image(self, image: QtGui.QImage) -> None:
        self._attach(await asyncio.to_thread(pictures.of_image, image, "picture"))

    async def _take_files(self, given: list[str]) -> None:
        """Structures are loaded, pictures and other files attached."""
        for path in given:
            if Path(path).suffix.lower() in pictures.ENDS:
                try:
                    self._attach(await asyncio.to_thread(pictures.of_file, path))
                except pictures.Unreadable as error:
                    self._tell_failure(error)
            elif await asyncio.to_thread(Path(path).is_dir):
                self._controller.say(_FOLDER.format(name=Path(path).name), "warning")
            elif is_loaded(Path(path)):
                self._load(path)
            else:
                self._dock.chips.add_file(path)
        self._dock.focus_composer()

    def _attach(self, picture: Picture) -> None:
        if len(self._dock.chips.attached.images) >= pictures.MAX_PICTURES:
            self._controller.say(_MANY_PICTURES, "warning")
            return
        conversation = self._controller.conversation
        withheld = conversation is not None and conversation.outgoing.withholds(Data.IMAGES)
        note = "Images are withheld (options, what is sent): the model is only told of it." if withheld else ""
        self._dock.chips.add_picture(picture, note)

    def _load(self, path: str) -> None:
        options = self._controller.options
        if options is not None and options.mode is Mode.PLAN:
            self._controller.say(_PLANNING.format(name=Path(path).name))
            self._dock.chips.add_file(path)
        elif self._controller.busy:
            self._wait(Message(text=Path(path).name), load=path)
        else:
            self._controller.load_file(path)
