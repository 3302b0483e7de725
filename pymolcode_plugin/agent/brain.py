"""The model behind a chat: chosen, made ready in the background, chosen anew when the user says so or signs in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from pydantic import SecretStr

from ..auth.sign_in import SignIn
from ..config import settings
from ..core.attachments import Picture
from ..core.errors import ModelUnavailable, NotSignedIn, PymolcodeError, Rejected
from ..core.events import ModelPhase, ModelState, Notice, UsageTold
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.tasks import spawn
from ..core.tool import Tool
from ..llm import weights
from ..llm.builtin import BuiltinServer
from ..llm.choice import BUILTIN, Choice, choose, fallbacks, local_file
from .budget import Budget
from .outgoing import Outgoing
from .own_server import OwnServer, reason
from .profile import CallTool, Emit, Profile
from .spending import Spending
from .staleness import Staleness

_ABOUT_KEYS = (401, 403)
_FORGOT = "{model} does not know what was said before: it is asked in another way. What it needs has to be said again."

_BLIND = "{model} cannot see pictures; it is only told that there is one."
_WITHHELD = "Images are withheld (options, what is sent), so the model is only told that there is a picture."


class Brain:
    """Owns the profile, the connections to the model and, for the built-in one, its server process.

    Args:
        tools: What the model may call.
        scene: For profiles that look at the scene themselves.
        call_tool: The door.
        emit: Told every `ModelState`, and notices.
        outgoing: What may go to the model, and where it is.
        spending: Told of every request.
        budget: Asked before every request.
        chat_id: Says to a provider which requests begin alike.
        read_settings: Where the settings come from.
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
        chat_id: str = "",
        read_settings: Callable[[], settings.Settings] = settings.load,
    ) -> None:
        self._tools = tools
        self._scene = scene
        self._call_tool = call_tool
        self._emit = emit
        self._outgoing = outgoing
        self._spending = spending
        self._budget = budget
        self._chat_id = chat_id
        self._read_settings = read_settings
        self._settings = settings.Settings()
        self._session_model = ""
        self._choice: Choice | None = None
        self._profile: Profile | None = None
        self._own: OwnServer | None = None
        self._choosing: asyncio.Task[Profile] | None = None
        self._staleness = Staleness()
        self._close_client: Callable[[], Awaitable[None]] | None = None

    @property
    def title(self) -> str:
        """The model's name for people; empty before one was chosen."""
        if self._own is not None:
            return self._own.entry.title
        return self._choice.title if self._choice else ""

    @property
    def choice(self) -> Choice | None:
        """The model that was chosen, and why."""
        return self._choice

    @property
    def session_model(self) -> str:
        """`PROVIDER:MODEL` that was picked in this chat; empty where the settings decide."""
        return self._session_model

    @property
    def steers(self) -> bool:
        """Whether the model can be told something in the middle of a turn."""
        return self._profile is not None and self._profile.steers

    @property
    def server(self) -> BuiltinServer | None:
        """The built-in model's server, when that is the model."""
        return self._own.server if self._own is not None else None

    @property
    def sign_in(self) -> SignIn:
        """The sign-in service, as the settings have it now.

        Raises:
            ConfigError: They make no sense.
        """
        return SignIn.from_settings(self._read_settings())

    async def use_model(self, model: str) -> None:
        """From the next message on, ask this `PROVIDER:MODEL`; what the layers say where it is empty.

        Raises:
            PymolcodeError: It cannot be used, and the one in use stays.
        """
        locked = self._with_lock(await asyncio.to_thread(self._read_settings))
        await asyncio.to_thread(choose, locked, session_model=model)
        self._session_model = model
        self._staleness.forget()

    def signs_in(self, error: BaseException) -> str | None:
        """The provider to sign in to, where that would help against this failure; empty where any would."""
        refused = isinstance(error, Rejected) and error.status in _ABOUT_KEYS
        if refused or isinstance(error, NotSignedIn):
            return self._choice.provider if self._choice else ""
        absent = self._own is not None and self._own.phase == "absent"
        return "" if isinstance(error, ModelUnavailable) and absent else None

    async def look_again(self) -> None:
        """Choose anew where what the choice goes by has changed; a failure is told as a phase."""
        await self._look_again()
        await self.prepare()

    async def prepare(self) -> None:
        """Make the model ready, telling every phase; a failure is told as a phase too, never raised."""
        with contextlib.suppress(Exception):  # border: `_failure_told` has told it
            await self._chosen()
            if self._own is not None:
                await self._own.up()

    async def download(self) -> None:
        """Fetch the built-in model's weights, then make it ready."""
        await self._chosen()
        if self._own is None:
            return
        await self._own.download()
        if self._own.phase != "absent":
            await self.prepare()

    async def run(self, turn_id: str, prompt: str, emit: Emit, images: tuple[Picture, ...] = ()) -> None:
        """One turn; waits for the model where it is not ready yet. What it took is told to `spending`.

        Pictures that the model does not get are told with a notice.

        Raises:
            ProviderError: It cannot be had, or it failed.
        """
        await self._look_again()
        profile = await self._chosen()
        if images and not profile.sees:
            emit(Notice(level="warning", text=_BLIND.format(model=self.title)))
        elif images and self._outgoing.withholds(Data.IMAGES):
            emit(Notice(level="warning", text=_WITHHELD))
        usage = await profile.run(turn_id, prompt, emit, images)
        if self._own is not None and self._choice is not None and usage.n_input_tokens:
            self._spending.add(self._choice, usage, window=self._own.entry.n_ctx)
            emit(UsageTold(usage=self._spending.turn, session=self._spending.session))

    async def compact(self, emit: Emit) -> str:
        """Make what the model remembers shorter; what was done, in words."""
        profile = await self._chosen()
        return await profile.compact(emit)

    def forget(self) -> None:
        """Begin a new chat."""
        if self._profile is not None:
            self._profile.forget()

    def kill(self) -> None:
        """End the server at once; needs no loop, so it works while PyMOL quits."""
        weights.end_children()
        if self._own is not None:
            self._own.kill()

    async def aclose(self) -> None:
        """End the server and every connection, where there is still a loop to do it in."""
        if self._choosing is not None:
            self._choosing.cancel()
        self.kill()
        await self._hang_up()

    def explain(self, error: Exception) -> PymolcodeError:
        """Any failure of a turn, in words for a person."""
        if isinstance(error, PymolcodeError):
            return error
        from ..llm import failures  # noqa: PLC0415  # heavy; whoever failed so has imported it

        why = self._choice.why if self._choice else ""
        return failures.explained(error, model=self.title or "The model", source=why)

    async def _look_again(self) -> None:
        """Somebody may have signed in, or changed the settings, since the model was chosen."""
        if self._choosing is not None and self._choosing.done() and await asyncio.to_thread(self._staleness.is_stale):
            self._choosing = None

    async def _chosen(self) -> Profile:
        """The profile, chosen once; a failed choice is tried again, because settings may have been mended.

        A task of its own: a turn that is stopped stops waiting for it, and half of a choice could not be used.
        """
        if self._choosing is None or _failed(self._choosing):
            self._choosing = spawn(self._choose(), name="choose the model", on_error=_raised_to_who_waits)
        return await asyncio.shield(self._choosing)

    async def _choose(self) -> Profile:
        with self._failure_told():
            await asyncio.to_thread(self._staleness.remember)
            self._settings = await asyncio.to_thread(self._read_settings)
            self._outgoing.begin_with(self._settings)
            self._budget.set(usd=self._settings.budget_usd, tokens=self._settings.budget_tokens)
            locked = self._with_lock(self._settings)
            if self._profile is None:
                self._tell("loading")
            choice = await asyncio.to_thread(choose, locked, session_model=self._session_model)
            if self._profile is not None and _same(self._choice, choice):
                self._choice = choice
                return self._profile
            return await self._changed_to(choice, locked)

    def _with_lock(self, read: settings.Settings) -> settings.Settings:
        """The settings, with the lock as this session has it."""
        return read.model_copy(update={"this_machine_only": self._outgoing.this_machine_only})

    async def _changed_to(self, choice: Choice, locked: settings.Settings) -> Profile:
        """A new profile; it takes over what was said where it can."""
        old, first = self._profile, self._choice is None
        self._tell("loading")
        await self._hang_up()
        self._choice = choice
        self._outgoing.model_is(choice.base_url, choice.name)
        self._profile = await self._make_profile(choice, locked)
        if not first:
            self._emit(Notice(text=f"The model is now {self.title} ({choice.why})."))
        if old is not None and not self._profile.take_over(old):
            self._emit(Notice(level="warning", text=_FORGOT.format(model=self.title)))
        return self._profile

    async def _hang_up(self) -> None:
        """End what belongs to the model before."""
        if self._own is not None:
            self._own.kill()
            self._own = None
        closing, self._close_client = self._close_client, None
        if closing is not None:
            await closing()

    async def _make_profile(self, choice: Choice, locked: settings.Settings) -> Profile:
        if choice.api != BUILTIN:
            others = await asyncio.to_thread(fallbacks, locked, skipped=self._skipped) if locked.fallback else ()
            profile = await self._full(choice, others)
            self._tell("ready", choice.why)
            return profile
        path, entry = await asyncio.to_thread(local_file, choice)
        own = self._own = OwnServer(entry, path, choice.why, self._tell, self._outgoing)
        if entry.profile == "full":
            server = await own.up()
            update = {"api": "chat", "base_url": f"{server.base_url}/v1", "key": SecretStr(server.key)}
            return await self._full(choice.model_copy(update=update), (), window=entry.n_ctx)
        return await asyncio.to_thread(self._compact, own)

    async def _full(self, choice: Choice, others: tuple[Choice, ...], *, window: int | None = None) -> Profile:
        making = await asyncio.to_thread(_making)
        profile, self._close_client = await making.full_profile(
            (choice, *others),
            self._tools,
            self._call_tool,
            self._outgoing,
            self._spending,
            self._budget,
            emit=self._emit,
            sign_in=await asyncio.to_thread(SignIn.from_settings, self._settings),
            chat_id=self._chat_id,
            request_limit=self._settings.request_limit,
            window=window,
        )
        made: Profile = profile
        return made

    def _compact(self, own: OwnServer) -> Profile:
        from .compact.compact_profile import CompactProfile  # noqa: PLC0415  # reads its recipes

        profile = CompactProfile(own, self._scene, self._call_tool)
        own.prefix = profile.prefix
        return profile

    def _skipped(self, why: str) -> None:
        self._emit(Notice(level="warning", text=why))

    @contextlib.contextmanager
    def _failure_told(self) -> Iterator[None]:
        """No failure may leave the panel saying that the model is on its way."""
        try:
            yield
        except Exception as error:
            if self._own is None or self._own.phase not in ("absent", "downloading"):
                self._tell("failed", reason(error), sign_in=self.signs_in(error))
            raise

    def _tell(
        self, phase: ModelPhase, detail: str = "", fraction: float | None = None, sign_in: str | None = None
    ) -> None:
        self._emit(ModelState(model=self.title, phase=phase, detail=detail, fraction=fraction, sign_in=sign_in))


def _making() -> Any:  # noqa: ANN401  # a module
    from . import making  # noqa: PLC0415  # seconds: only in this worker thread

    return making


def _same(one: Choice | None, other: Choice) -> bool:
    """Whether it is the same model reached in the same way, for whatever reason."""
    update = {"why": "", "considered": ()}
    return one is not None and one.model_copy(update=update) == other.model_copy(update=update)


def _failed(task: asyncio.Task[Profile]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _raised_to_who_waits(_error: BaseException) -> None:
    """Whoever waits for the task gets the error; a task that nobody waits for any more has told it as a phase."""
