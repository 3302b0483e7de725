"""Makes what a chat asks: the profile of a model that was chosen, with the server or the connections behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from ..auth.sign_in import SignIn
from ..config.settings import Settings
from ..core.events import Usage, UsageTold
from ..core.heavy import imported
from ..core.ports import ScenePort
from ..core.tool import Tool
from ..llm.choice import BUILTIN, Choice, local_file
from .budget import Budget
from .outgoing import Outgoing
from .own_server import OwnServer, TellPhase
from .profile import CallTool, Emit, Profile
from .spending import Spending

_OF_NO_MATTER = {"why": "", "considered": ()}


@dataclass(frozen=True)
class Recipe:
    """What a profile is made of.

    Attributes:
        choice: The model.
        others: Models to try where it does not answer.
        settings: As read.
    """

    choice: Choice
    others: tuple[Choice, ...]
    settings: Settings

    def is_of_the_same_model_as(self, other: Recipe) -> bool:
        """Whether it is the same model reached in the same way, for whatever reason."""
        return _plain(self.choice) == _plain(other.choice)

    def makes_the_same_as(self, other: Recipe) -> bool:
        """Whether there is nothing to make anew."""
        if not self.is_of_the_same_model_as(other):
            return False
        if self.choice.api == BUILTIN:  # of these settings it knows none, and its server is slow to start
            return True
        return self._set() == other._set()

    def _set(self) -> tuple[object, ...]:
        return tuple(map(_plain, self.others)), self.settings.request_limit, self.settings.context_tokens


@dataclass(frozen=True)
class Made:
    """A profile, and what ends with it.

    Attributes:
        recipe: What it was made of.
        own: The built-in model's server, where that is the model.
        close: Ends the connections.
    """

    recipe: Recipe
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

        def after(usage: Usage) -> None:
            self._spending.add(choice, usage, window=entry.n_ctx)
            self._emit(UsageTold(usage=self._spending.turn, session=self._spending.session))

        return OwnServer(entry, path, choice.why, tell, self._outgoing, before=self._budget.check, after=after)

    async def make(self, recipe: Recipe, own: OwnServer | None) -> Made:
        """A profile.

        Args:
            recipe: What it is made of.
            own: Its server, where it is the built-in one; ended where this fails.

        Raises:
            PymolcodeError: It cannot be made.
        """
        if own is None:
            return await self._full(recipe)
        if own.entry.profile == "compact":
            return Made(recipe, await asyncio.to_thread(self._compact, own), own)
        try:
            return await self._full(recipe, own)
        except BaseException:
            own.kill()
            raise

    async def _full(self, recipe: Recipe, own: OwnServer | None = None) -> Made:
        choices = (recipe.choice, *recipe.others)
        if own is not None:
            server = await own.up()
            update = {"api": "chat", "base_url": f"{server.base_url}/v1", "key": SecretStr(server.key)}
            choices = (recipe.choice.model_copy(update=update),)
        making = await asyncio.to_thread(imported, ".making", __package__)
        profile, close = await making.full_profile(
            choices,
            self._tools,
            self._call_tool,
            self._outgoing,
            self._spending,
            self._budget,
            emit=self._emit,
            sign_in=await asyncio.to_thread(SignIn.from_settings, recipe.settings),
            chat_id=self._chat_id,
            request_limit=recipe.settings.request_limit,
            window=own.entry.n_ctx if own is not None else None,
            context_tokens=recipe.settings.context_tokens,
        )
        return Made(recipe, profile, own, close)

    def _compact(self, own: OwnServer) -> Profile:
        from .compact.compact_profile import CompactProfile  # noqa: PLC0415  # reads its recipes

        profile = CompactProfile(own, self._scene, self._call_tool)
        own.prefix = profile.prefix
        return profile


def _plain(choice: Choice) -> Choice:
    return choice.model_copy(update=_OF_NO_MATTER)
