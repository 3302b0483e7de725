"""The model behind a chat: chosen, fetched, started and warmed in the background, started again when it died."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from ..auth.sign_in import SignIn
from ..config import paths, settings
from ..core.errors import ModelUnavailable, NotSignedIn, PymolcodeError, Rejected
from ..core.events import ModelPhase, ModelState, Usage
from ..core.ports import Completion, ScenePort
from ..core.tasks import spawn
from ..core.tool import Tool
from ..llm import weights
from ..llm.builtin import BuiltinServer
from ..llm.catalogue import LocalModel
from ..llm.choice import Choice, choose, local_file
from .outgoing import Outgoing
from .profile import CallTool, Emit, Profile

_NOT_THERE = "The built-in model has not been downloaded yet."
_HOW_TO_GET = "Press Download at the top of the panel."


class Brain:
    """Owns the profile and, for the built-in model, the server process.

    Args:
        tools: What the model may call.
        scene: For profiles that look at the scene themselves.
        call_tool: The door.
        emit: Told every `ModelState`.
        outgoing: What may go to the model, and where it is.
        read_settings: Where the settings come from.
    """

    def __init__(
        self,
        tools: tuple[Tool[Any], ...],
        scene: ScenePort,
        call_tool: CallTool,
        emit: Emit,
        outgoing: Outgoing,
        *,
        read_settings: Callable[[], settings.Settings] = settings.load,
    ) -> None:
        self._tools = tools
        self._scene = scene
        self._call_tool = call_tool
        self._emit = emit
        self._outgoing = outgoing
        self._read_settings = read_settings
        self._settings = settings.Settings()
        self._choice: Choice | None = None
        self._session_model = ""
        self._profile: Profile | None = None
        self._server: BuiltinServer | None = None
        self._entry: LocalModel | None = None
        self._prefix = ""
        self._choosing: asyncio.Task[Profile] | None = None
        self._starting: asyncio.Task[BuiltinServer] | None = None
        self._cancel_download = False
        self._close_client: Callable[[], Awaitable[None]] | None = None

    @property
    def title(self) -> str:
        """The model's name for people; empty before one was chosen."""
        if self._entry is not None:
            return self._entry.title
        return self._choice.title if self._choice else ""

    @property
    def server(self) -> BuiltinServer | None:
        """The built-in model's server, when that is the model."""
        return self._server

    @property
    def choice(self) -> Choice | None:
        """The model in use, and why; None before one was chosen."""
        return self._choice

    @property
    def sign_in(self) -> SignIn:
        """The sign-in service, as the settings have it now.

        Raises:
            ConfigError: They make no sense.
        """
        return SignIn.from_settings(self._read_settings())

    async def use_model(self, name: str) -> None:
        """Use this `PROVIDER:MODEL` in this chat; an empty name lets the layers choose again.

        It begins without what was said before. Where it cannot be used, the one in use stays.

        Raises:
            PymolcodeError: It cannot be used; says why.
        """
        read = await asyncio.to_thread(self._read_settings)
        locked = read.model_copy(update={"this_machine_only": self._outgoing.this_machine_only})
        choice = await asyncio.to_thread(functools.partial(choose, locked, session_model=name))
        await self.aclose()
        self._session_model, self._choice = name, choice
        self._choosing = self._starting = self._server = self._entry = self._profile = self._close_client = None
        self._prefix = ""
        self._state = None
        spawn(self.prepare(), name="prepare the model")

    def signs_in(self, error: PymolcodeError) -> str | None:
        """The provider to sign in to, where that would help against this failure; empty where any would."""
        refused = isinstance(error, Rejected) and error.status in (401, 403)
        if refused or isinstance(error, NotSignedIn):
            return self._choice.provider if self._choice else ""
        return "" if isinstance(error, ModelUnavailable) and self._state == "absent" else None

    async def prepare(self) -> None:
        """Make the model ready, telling every phase; a failure is told as a phase too, never raised."""
        with contextlib.suppress(Exception):  # border: `_failure_told` has told it
            await self._chosen()
            if self._entry is not None:
                await self._server_up()

    async def download(self) -> None:
        """Fetch the built-in model's weights, then make it ready."""
        await self._chosen()
        entry, loop = self._entry, asyncio.get_running_loop()
        if entry is None:
            return
        self._cancel_download = False

        def on_progress(done: int, total: int, what: str) -> None:
            loop.call_soon_threadsafe(self._tell, "downloading", what, done / total)

        try:
            await asyncio.to_thread(
                weights.fetch, entry, paths.models_folder(), on_progress, lambda: self._cancel_download
            )
        except PymolcodeError as error:
            self._tell("absent", error.message)
            return
        except asyncio.CancelledError:
            self._cancel_download = True
            raise
        self._server = BuiltinServer(paths.models_folder() / entry.file, n_ctx=entry.n_ctx)
        await self.prepare()

    async def run(self, turn_id: str, prompt: str, emit: Emit) -> Usage:
        """One turn; waits for the model where it is not ready yet.

        Raises:
            ProviderError: It cannot be had, or it failed.
        """
        profile = await self._chosen()
        return await profile.run(turn_id, prompt, emit)

    def forget(self) -> None:
        """Begin a new chat."""
        if self._profile is not None:
            self._profile.forget()

    def kill(self) -> None:
        """End the server at once; needs no loop, so it works while PyMOL quits."""
        self._cancel_download = True
        weights.end_children()
        if self._server is not None:
            self._server.kill()

    async def aclose(self) -> None:
        """End the server and every connection, where there is still a loop to do it in."""
        for task in (self._choosing, self._starting):
            if task is not None:
                task.cancel()
        self.kill()
        if self._close_client is not None:
            await self._close_client()

    def explain(self, error: Exception) -> PymolcodeError:
        """Any failure of a turn, in words for a person."""
        if isinstance(error, PymolcodeError):
            return error
        from ..llm import failures  # noqa: PLC0415  # heavy; whoever failed so has imported it

        return failures.explained(error, model=self.title or "The model")

    async def _chosen(self) -> Profile:
        """The profile, chosen once; a failed choice is tried again, because settings may have been mended.

        A task of its own, as is the start of the server: a turn that is stopped stops waiting for it, and the half
        of a model it would leave behind could neither be used nor started again.
        """
        if self._choosing is None or _failed(self._choosing):
            self._choosing = spawn(self._choose(), name="choose the model", on_error=_raised_to_who_waits)
        return await asyncio.shield(self._choosing)

    async def _choose(self) -> Profile:
        with self._failure_told():
            self._tell("loading")
            self._settings = await asyncio.to_thread(self._read_settings)
            self._outgoing.begin_with(self._settings)
            locked = self._settings.model_copy(update={"this_machine_only": self._outgoing.this_machine_only})
            self._choice = await asyncio.to_thread(functools.partial(choose, locked, session_model=self._session_model))
            self._outgoing.model_is(self._choice.base_url, self._choice.name)
            self._profile = await self._make_profile(self._choice)
            return self._profile

    async def _make_profile(self, choice: Choice) -> Profile:
        if choice.api != "builtin":
            profile = await asyncio.to_thread(self._full, choice)
            self._tell("ready", choice.why)
            return profile
        path, entry = await asyncio.to_thread(local_file, choice)
        self._entry = entry
        if path is not None:
            self._server = BuiltinServer(path, n_ctx=entry.n_ctx)
        if entry.profile == "full":
            await self._server_up()
            return await asyncio.to_thread(self._full, self._as_endpoint(choice))
        return await asyncio.to_thread(self._compact)

    def _full(self, choice: Choice) -> Profile:
        from ..llm.build import build  # noqa: PLC0415  # seconds: only in this worker thread
        from .full_profile import FullProfile  # noqa: PLC0415
        from .gate import Gate  # noqa: PLC0415

        limit = self._settings.request_limit
        built = build(choice, self._outgoing, SignIn.from_settings(self._settings))
        self._close_client = built.aclose
        return FullProfile(Gate(built.model, self._outgoing), self._tools, self._call_tool, request_limit=limit)

    def _compact(self) -> Profile:
        from .compact.compact_profile import CompactProfile  # noqa: PLC0415  # reads its recipes

        profile = CompactProfile(self, self._scene, self._call_tool)
        self._prefix = profile.prefix
        return profile

    def _as_endpoint(self, choice: Choice) -> Choice:
        assert self._server is not None  # noqa: S101  # _server_up has run
        update = {"base_url": f"{self._server.base_url}/v1", "key": SecretStr(self._server.key)}
        return choice.model_copy(update=update)

    async def complete(self, prompt: str, *, grammar: str, max_tokens: int) -> Completion:
        """Implements CompletionPort for the compact profile: waits until the server is up."""
        server = await self._server_up()
        body = json.dumps({"prompt": prompt, "grammar": grammar, "n_predict": max_tokens}).encode()
        self._outgoing.sent("POST", f"{server.base_url}/completion", {}, body)
        try:
            return await server.complete(prompt, grammar=grammar, max_tokens=max_tokens)
        except PymolcodeError:
            if not server.alive:
                self._tell("failed", "It ended; the next message starts it again")
            raise

    async def warm(self, prefix: str) -> float:
        """Implements CompletionPort."""
        return await (await self._server_up()).warm(prefix)

    async def _server_up(self) -> BuiltinServer:
        if self._starting is None or self._starting.done():
            self._starting = spawn(self._start_server(), name="start the model", on_error=_raised_to_who_waits)
        return await asyncio.shield(self._starting)

    async def _start_server(self) -> BuiltinServer:
        with self._failure_told():
            if self._server is None:
                await self._look_for_weights()
            server = self._server
            assert server is not None  # noqa: S101  # _look_for_weights raises otherwise
            if not server.alive:
                self._tell("loading")
                await server.start()
                if self._prefix:
                    self._tell("warming")
                    await server.warm(self._prefix)
                self._tell("ready", self._choice.why if self._choice else "")
            return server

    @contextlib.contextmanager
    def _failure_told(self) -> Iterator[None]:
        """No failure may leave the panel saying that the model is on its way."""
        try:
            yield
        except Exception as error:
            if self._state not in ("absent", "downloading"):
                reason = error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"
                helps = self.signs_in(error) if isinstance(error, PymolcodeError) else None
                self._tell("failed", reason, sign_in=helps)
            raise

    async def _look_for_weights(self) -> None:
        """Another PyMOL, or the command line, may have fetched them meanwhile."""
        assert self._entry is not None  # noqa: S101  # only the built-in model comes here
        found: Path | None = await asyncio.to_thread(weights.verified, self._entry, paths.models_folder())
        if found is None and self._state == "downloading":
            raise ModelUnavailable("The built-in model is still being downloaded.", hint="Send again when it is ready.")
        if found is None:
            self._tell("absent", f"Not downloaded ({self._entry.n_bytes / 1e9:.1f} GB)")
            raise ModelUnavailable(_NOT_THERE, hint=_HOW_TO_GET)
        self._server = BuiltinServer(found, n_ctx=self._entry.n_ctx)

    _state: ModelPhase | None = None

    def _tell(
        self, phase: ModelPhase, detail: str = "", fraction: float | None = None, sign_in: str | None = None
    ) -> None:
        self._state = phase
        self._emit(ModelState(model=self.title, phase=phase, detail=detail, fraction=fraction, sign_in=sign_in))


def _failed(task: asyncio.Task[Profile]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _raised_to_who_waits(_error: BaseException) -> None:
    """Whoever waits for the task gets the error; a task that nobody waits for any more has told it as a phase."""
