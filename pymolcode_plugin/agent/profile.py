"""What a profile is to the rest of the agent: it runs turns of one chat and keeps what the model must remember."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from ..core.attachments import Picture
from ..core.events import Event, Usage
from ..core.tool import ToolResult

CallTool = Callable[[str, str, dict[str, Any]], Awaitable[ToolResult]]
Emit = Callable[[Event], None]


class Profile(Protocol):
    """A way to talk to a model: full (native tool calls) or compact (the step language)."""

    async def run(self, turn_id: str, prompt: str, emit: Emit, images: tuple[Picture, ...] = ()) -> Usage:
        """One turn; emits text as it comes, makes its tool calls through the door.

        Args:
            turn_id: Of the events.
            prompt: Notes in brackets, a line each, then what the user wrote.
            emit: Told what comes.
            images: Go with it where the model sees; it is told that they are there where it does not.

        Raises:
            ProviderError: The model failed; exceptions of its libraries may come through as they are.
        """
        ...

    def forget(self) -> None:
        """Begin a new chat."""
        ...

    @property
    def sees(self) -> bool:
        """Whether it is given pictures."""
        ...

    @property
    def steers(self) -> bool:
        """Whether `ToolResult.said` reaches the model in the middle of a turn."""
        ...

    @property
    def remembers(self) -> bool:
        """Whether something was said in this chat."""
        ...

    def take_over(self, old: Profile) -> bool:
        """Remember what another profile of this chat remembers; False where it can not, and there was something."""
        ...

    def remembered(self) -> Callable[[], bytes]:
        """What makes a file of what is remembered now; it takes a while, so it is called in a worker thread."""
        ...

    def remind(self, data: bytes) -> bool:
        """Remember what such a file says; False where it is of another kind of profile, or damaged."""
        ...

    async def compact(self, emit: Emit) -> str:
        """Make what is remembered shorter; what was done, in words."""
        ...
