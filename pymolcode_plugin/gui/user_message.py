"""The user's own message, with what was attached to it."""

from __future__ import annotations

from collections.abc import Sequence

from .labels import breakable, plain_label
from .qt import QtWidgets


class UserMessage(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """A bubble at the right, and below it a word for each thing attached.

    Args:
        text: As it was written.
        attachments: In words.
    """

    def __init__(self, text: str, attachments: Sequence[str]) -> None:
        super().__init__()
        self.words = plain_label(text, "userMessage")
        self.words.setAccessibleName(f"You: {text[:200]}")
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.words)
        for name in attachments:
            chip = plain_label(f"⊕ {breakable(name)}", "attached")
            chip.setAccessibleName(f"Attached: {name}")
            layout.addWidget(chip)
