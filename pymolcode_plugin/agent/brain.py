"""The model behind a chat: chosen, made ready in the background, chosen anew when the user says so or signs in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from ..auth.sign_in import SignIn
from ..config import settings
from ..core.attachments import Picture
from ..core.errors import ModelUnavailable, NotSignedIn, PymolcodeError, Rejected
from ..core.events import ModelPhase, ModelState, Notice
from ..core.outgoing import Data
from ..core.ports import ScenePort
from ..core.tasks import spawn
from ..core.tool import Tool
from ..llm import weights
from ..llm.builtin import BuiltinServer
from ..llm.choice import BUILTIN, Choice, choose, fallbacks
from .budget import Budget
from .outgoing import Outgoing
from .own_server import OwnServer, reason
from .profile import CallTool, Emit, Profile
from .profiles import Made, Profiles, Recipe
from .spending import Spending
from .staleness import Staleness

_ABOUT_KEYS = (401, 403)
_MAX_CHANGES = 5  # of the model while a message waits for it
_FORGOT = "{model} does not know what was said before: it is asked in another way. What it needs has to be said again."

_BLIND = "{model} cannot see pictures; it is only told that there is one."
_WITHHELD = "Images are withheld (options, what is sent), so the model is only told that there is a picture."


class Brain:
    """Owns the profile, the connections to the model and, for the built-in one, its server process.

    One thing at a time: a turn, a change of the model, or making shorter what it remembers. A change that fails leaves
    the model before it as it was; it is tried again at the next message, because settings may have been mended.

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
        self._profiles = Profiles(tools, scene, call_tool, emit, outgoing, spending, budget, chat_id=chat_id)
        self._emit = emit
        self._outgoing = outgoing
        self._budget = budget
        self._read_settings = read_settings
        self._session_model = ""
        self._n_picks = self._last_pick = 0
        self._choice: Choice | None = None  # picked last, whether it could be made or not
        self._own: OwnServer | None = None  # of that one
        self._made: Made | None = None  # answers, until another one could be made
        self._choosing: asyncio.Task[Made] | None = None
        self._reminder: bytes | None = None  # of a chat that was opened before there was a model
        self._staleness = Staleness()
        self._skipped: tuple[str, ...] = ()
        self._told: tuple[str, ModelPhase] | None = None
        self._one_at_a_time = asyncio.Lock()

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
        return self._made is not None and self._made.profile.steers

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

        Of two that are picked one after the other the later one counts, whichever is found first.

        Raises:
            PymolcodeError: It cannot be used, and the one in use stays.
        """
        self._n_picks += 1
        pick = self._n_picks
        locked = self._with_lock(await asyncio.to_thread(self._read_settings))
        await asyncio.to_thread(choose, locked, session_model=model)
        if pick > self._last_pick:
            self._last_pick, self._session_model = pick, model
            self._staleness.forget()

    def signs_in(self, error: BaseException) -> str | None:
        """The provider to sign in to, where that would help against this failure; empty where any would."""
        refused = isinstance(error, Rejected) and error.status in _ABOUT_KEYS
        if refused or isinstance(error, NotSignedIn):
            return self._choice.provider if self._choice else ""
        absent = self._own is not None and self._own.phase == "absent"
        return "" if isinstance(error, ModelUnavailable) and absent else None

    async def prepare(self) -> None:
        """Make the model ready that was picked last, telling every phase; a failure is a phase too, never raised.

        While a turn runs this waits for its end: no turn loses the model under it.
        """
        with contextlib.suppress(Exception):  # border: `_failure_told` has told it
            async with self._one_at_a_time:
                own = (await self._current()).own
            if own is not None:
                await own.up()

    async def download(self) -> None:
        """Fetch the built-in model's weights, then make it ready."""
        with contextlib.suppress(Exception):  # border: as in `prepare`; a model may be absent until it was fetched
            async with self._one_at_a_time:
                await self._current()
        own = self._own
        if own is None:
            return
        await own.download()
        if own.phase != "absent":
            await self.prepare()

    async def run(self, turn_id: str, prompt: str, emit: Emit, images: tuple[Picture, ...] = ()) -> None:
        """One turn of the model that was picked last; waits for it where it is not ready yet.

        Pictures that the model does not get are told with a notice.

        Raises:
            ProviderError: It cannot be had, or it failed. No other one is asked instead.
        """
        async with self._one_at_a_time:
            made = await self._current()
            if images and not made.profile.sees:
                emit(Notice(level="warning", text=_BLIND.format(model=self.title)))
            elif images and self._outgoing.withholds(Data.IMAGES):
                emit(Notice(level="warning", text=_WITHHELD))
            await made.profile.run(turn_id, prompt, emit, images)

    async def compact(self, emit: Emit) -> str:
        """Make what the model remembers shorter, once no turn runs; what was done, in words."""
        async with self._one_at_a_time:
            made = await self._current()
            return await made.profile.compact(emit)

    def remembered(self) -> Callable[[], bytes] | None:
        """What makes a file of what the model remembers; None where there is no model yet, and nothing to remember."""
        if self._made is not None:
            return self._made.profile.remembered()
        reminder = self._reminder
        return None if reminder is None else lambda: reminder

    def remind(self, data: bytes) -> None:
        """The model remembers this from now on, as soon as there is one; where it can not, that is said."""
        self._reminder = data
        if self._made is not None:
            self._remind(self._made.profile)

    def _remind(self, profile: Profile) -> None:
        data, self._reminder = self._reminder, None
        if data is not None and not profile.remind(data):
            self._emit(Notice(level="warning", text=_FORGOT.format(model=self.title)))

    def forget(self) -> None:
        """Begin a new chat."""
        self._reminder = None
        if self._made is not None:
            self._made.profile.forget()

    def kill(self) -> None:
        """End the server at once; needs no loop, so it works while PyMOL quits."""
        weights.end_children()
        for own in (self._own, self._made.own if self._made is not None else None):
            if own is not None:
                own.kill()

    async def aclose(self) -> None:
        """End the server and every connection, where there is still a loop to do it in."""
        if self._choosing is not None:
            self._choosing.cancel()
        self.kill()
        if self._made is not None:
            await self._made.aclose()

    def explain(self, error: Exception) -> PymolcodeError:
        """Any failure of a turn, in words for a person."""
        if isinstance(error, PymolcodeError):
            return error
        from ..llm import failures  # noqa: PLC0415  # heavy; whoever failed so has imported it

        why = self._choice.why if self._choice else ""
        return failures.explained(error, model=self.title or "The model", source=why)

    async def _current(self) -> Made:
        """The model that was picked last; whoever calls this holds the lock.

        Chosen anew where somebody signed in, picked another one or changed the settings since, and where it failed
        before. A task of its own: a turn that is stopped stops waiting for it, and half of a choice could not be used.
        """
        for n_left in reversed(range(_MAX_CHANGES)):
            choosing = self._choosing = self._choosing or self._begin_to_choose()
            await asyncio.wait({choosing})
            if not n_left or not await asyncio.to_thread(self._staleness.is_stale):
                break
            self._choosing = None  # it was chosen before that change
        if choosing.cancelled() or choosing.exception() is not None:
            self._choosing = None
        return choosing.result()

    def _begin_to_choose(self) -> asyncio.Task[Made]:
        return spawn(self._choose(), name="choose the model", on_error=_raised_to_who_waits)

    async def _choose(self) -> Made:
        with self._failure_told():
            await asyncio.to_thread(self._staleness.remember)
            read = await asyncio.to_thread(self._read_settings)
            self._outgoing.begin_with(read)
            self._budget.set(usd=read.budget_usd, tokens=read.budget_tokens)
            locked = self._with_lock(read)
            if self._made is None:
                self._tell("loading")
            choice = await asyncio.to_thread(choose, locked, session_model=self._session_model)
            recipe = Recipe(choice, await self._others(choice, locked), read)
            if self._made is not None and self._made.recipe.makes_the_same_as(recipe):
                return self._kept(self._made, choice)
            return await self._changed_to(recipe)

    def _with_lock(self, read: settings.Settings) -> settings.Settings:
        """The settings, with the lock as this session has it."""
        return read.model_copy(update={"this_machine_only": self._outgoing.this_machine_only})

    async def _others(self, choice: Choice, locked: settings.Settings) -> tuple[Choice, ...]:
        """The models to try where it does not answer; why one cannot be used is said once."""
        if choice.api == BUILTIN or not locked.fallback:
            self._skipped = ()
            return ()
        skipped: list[str] = []
        found = await asyncio.to_thread(fallbacks, locked, skipped=skipped.append)
        for why in skipped:
            if why not in self._skipped:
                self._emit(Notice(level="warning", text=why))
        self._skipped = tuple(skipped)
        return found

    def _kept(self, made: Made, choice: Choice) -> Made:
        """Nothing has changed, or a change that failed was taken back."""
        self._choice, self._own = choice, made.own
        self._outgoing.model_is(choice.base_url, choice.name)
        phase = made.own.phase if made.own is not None else "ready"
        if phase == "ready" and self._told != (self.title, phase):
            self._tell(phase, choice.why)
        return made

    async def _changed_to(self, recipe: Recipe) -> Made:
        """A new profile, which takes over what was said where it can; until it is made the old one stays as it is."""
        old, choice = self._made, recipe.choice

        def tell(phase: ModelPhase, detail: str = "", fraction: float | None = None) -> None:
            if self._own is own:  # a server that was left goes on for a while
                self._tell(phase, detail, fraction)

        self._choice, self._own = choice, None
        self._outgoing.model_is(choice.base_url, choice.name)
        self._tell("loading")
        own = self._own = await self._profiles.own_server(choice, tell)
        made = await self._profiles.make(recipe, own)
        knows = old is None or made.profile.take_over(old.profile)
        self._made = made
        if made.own is None:
            self._tell("ready", choice.why)
        self._remind(made.profile)
        if old is not None and not old.recipe.is_of_the_same_model_as(recipe):
            self._emit(Notice(text=f"The model is now {self.title} ({choice.why})."))
        if not knows:
            self._emit(Notice(level="warning", text=_FORGOT.format(model=self.title)))
        if old is not None:
            await old.aclose()
        return made

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
        self._told = (self.title, phase)
        self._emit(ModelState(model=self.title, phase=phase, detail=detail, fraction=fraction, sign_in=sign_in))


def _raised_to_who_waits(_error: BaseException) -> None:
    """Whoever waits for the task gets the error; a task that nobody waits for any more has told it as a phase."""
