"""Between the doctor's dialog and what it looks at."""

from __future__ import annotations

import asyncio

from .. import doctor
from ..agent.conversation import Conversation
from ..core.errors import PymolcodeError
from ..core.scene import HostFacts
from ..core.tasks import spawn
from ..doctor import Finding
from ..llm.probe import probe
from .dock import AgentDock
from .doctor_dialog import DoctorDialog, Shown
from .qt import QtWidgets

_ANSWER = "Model's answer"


class Examining:
    """The doctor, from the panel.

    Args:
        dock: Whose dialog it is.
        conversation: Has the scene door, the model and the lock of this session.
    """

    def __init__(self, dock: AgentDock, conversation: Conversation) -> None:
        self._dock = dock
        self._conversation = conversation
        self._findings: tuple[Finding, ...] = ()
        self.dialog: DoctorDialog | None = None

    def show(self) -> None:
        """Open the dialog and look."""
        if self.dialog is None:
            self.dialog = DoctorDialog(self._dock)
            self.dialog.look_requested.connect(self._look)
            self.dialog.model_test_requested.connect(self._on_dialog_model_test_requested)
            self.dialog.copy_requested.connect(self._on_dialog_copy_requested)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._look()

    def _look(self) -> None:
        if self.dialog is not None:
            self.dialog.show_looking()
        spawn(self._examine(), name="look whether everything is right")

    async def _examine(self) -> None:
        host: HostFacts | None = None
        failure: Finding | None = None
        try:
            host = await self._conversation.host()
        except PymolcodeError as error:
            failure = Finding(name="PyMOL", state="problem", words=error.message)
        found = await asyncio.to_thread(doctor.examine, host)
        self._show((*found, failure) if failure else found)

    def _show(self, findings: tuple[Finding, ...]) -> None:
        self._findings = findings
        if self.dialog is not None:
            self.dialog.show_findings([Shown(**item.model_dump()) for item in findings])

    def _on_dialog_model_test_requested(self) -> None:
        if self.dialog is not None:
            self.dialog.show_looking("Asking the model…")
        spawn(self._ask(), name="ask the model for a word")

    async def _ask(self) -> None:
        kept = tuple(item for item in self._findings if item.name != _ANSWER)
        self._show((*kept, await self._answer()))

    async def _answer(self) -> Finding:
        conversation = self._conversation
        choice = conversation.brain.choice
        if choice is None:
            return Finding(name=_ANSWER, state="problem", words="no model is chosen yet")
        try:
            conversation.outgoing.check_model()
            found = await probe(choice, conversation.brain.sign_in, conversation.outgoing)
        except PymolcodeError as error:
            return Finding(name=_ANSWER, state="problem", words=error.message)
        return Finding(name=_ANSWER, state="ok", words=f"{choice.title} answered after {found.seconds:.1f} s")

    def _on_dialog_copy_requested(self) -> None:
        QtWidgets.QApplication.clipboard().setText(doctor.report(self._findings))
