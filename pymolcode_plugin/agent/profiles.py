"""Makes what a chat asks: the profile of a model that was chosen, with the server or the connections behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from ..auth.sign_in import SignIn
from ..config.settings import Settings
from ..core.ports import ScenePort
from ..core.tool import Tool
from ..llm.choice import BUILTIN, Choice, local_file
from .budget import Budget
from .outgoing import Outgoing
from .own_server import OwnServer, TellPhase
from .profile import CallTool, Emit, Profile
from .spending import Spending


@dataclass(frozen=True)
class Made:
    """A profile, and what ends with it.

    Attributes:
        own: The built-in model's server, where that is the model.
        close: Ends the connections.
    """

    profile: Profile
    own: OwnServer | None = None
    close: Callable[[], Awaitable[None]] | None = None

    async def aclose(self) -> None:
        """End the server and the connections."""
        if self.own is not None:
            self.own.kill()
        if self.close is not None:
            await self.close()


class Profiles:
    """Makes them for one chat.

    Args:
        tools: What the model may call.
        scene: For profiles that look at the scene themselves.
        call_tool: The door.
        emit: Told what was spent, and notices.
        outgoing: What may go to the model, and where it is.
        spending: Told of every request.
        budget: Asked before every request.
        chat_id: Says to a provider which requests begin alike.
    """

    def __init__(
        self,
        tools: tuple[Tool[Any], ...],
        scene: ScenePort,
        call_tool: CallTool,
        emit: Emit,
        outgoing: Outgoing,
        spending: Spending,
        budget: Budget,
        *,
        chat_id: str,
    ) -> None:
        self._tools = tools
        self._scene = scene
        self._call_tool = call_tool
        self._emit = emit
        self._outgoing = outgoing
        self._spending = spending
        self._budget = budget
        self._chat_id = chat_id

    async def own_server(self, choice: Choice, tell: TellPhase) -> OwnServer | None:
        """The built-in model's server, not started yet; None where another model was chosen."""
        if choice.api != BUILTIN:
            return None
        path, entry = await asyncio.to_thread(local_file, choice)
        return OwnServer(entry, path, choice.why, tell, self._outgoing)

    async def make(self, choice: Choice, own: OwnServer | None, others: tuple[Choice, ...], settings: Settings) -> Made:
        """A profile for the choice.

        Args:
            choice: The model.
            own: Its server, where it is the built-in one.
            others: Models to try where it does not answer.
            settings: As read.

        Raises:
            PymolcodeError: It cannot be made.
        """
        if own is None:
            return await self._full(choice, others, settings)
        if own.entry.profile == "compact":
            return Made(await asyncio.to_thread(self._compact, own), own)
        server = await own.up()
        update = {"api": "chat", "base_url": f"{server.base_url}/v1", "key": SecretStr(server.key)}
        return await self._full(choice.model_copy(update=update), (), settings, own)

    async def _full(
        self, choice: Choice, others: tuple[Choice, ...], settings: Settings, own: OwnServer | None = None
    ) -> Made:
        making = await asyncio.to_thread(_making)
        profile, close = await making.full_profile(
            (choice, *others),
            self._tools,
            self._call_tool,
            self._outgoing,
            self._spending,
            self._budget,
            emit=self._emit,
            sign_in=await asyncio.to_thread(SignIn.from_settings, settings),
            chat_id=self._chat_id,
            request_limit=settings.request_limit,
            window=own.entry.n_ctx if own is not None else None,
        )
        return Made(profile, own, close)

    def _compact(self, own: OwnServer) -> Profile:
        from .compact.compact_profile import CompactProfile  # noqa: PLC0415  # reads its recipes

        profile = CompactProfile(own, self._scene, self._call_tool)
        own.prefix = profile.prefix
        return profile


def _making() -> Any:  # noqa: ANN401  # a module
    from . import making  # noqa: PLC0415  # seconds: only in this worker thread

    return making
