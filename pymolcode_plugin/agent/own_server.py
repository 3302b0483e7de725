"""The built-in model's server: downloaded, started and warmed in the background, started again when it died."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from ..config import paths
from ..core.errors import ModelUnavailable, PymolcodeError
from ..core.events import ModelPhase, Usage
from ..core.ports import Completion
from ..core.tasks import spawn
from ..llm import weights
from ..llm.builtin import BuiltinServer
from ..llm.catalogue import LocalModel
from .outgoing import Outgoing

_NOT_THERE = "The built-in model has not been downloaded yet."
_HOW_TO_GET = "Press Download at the top of the panel."


class TellPhase(Protocol):
    """Tells how far the model is."""

    def __call__(self, phase: ModelPhase, detail: str = "", fraction: float | None = None) -> None:
        """Tell."""
        ...


class OwnServer:
    """Implements `core.ports.CompletionPort`.

    Args:
        entry: The model.
        path: Of its weights, where they are ready.
        why: It is used, for people.
        tell: Told every phase.
        outgoing: Told every request.
        before: Asked before every completion; may refuse it, by raising.
        after: Told what it took.
    """

    def __init__(
        self,
        entry: LocalModel,
        path: Path | None,
        why: str,
        tell: TellPhase,
        outgoing: Outgoing,
        *,
        before: Callable[[], Awaitable[None]],
        after: Callable[[Usage], None],
    ) -> None:
        self.entry = entry
        self.prefix = ""
        self.server = self._of(path) if path is not None else None
        self._why = why
        self._outgoing = outgoing
        self._before = before
        self._after = after
        self._tell_phase = tell
        self._phase: ModelPhase | None = None
        self._starting: asyncio.Task[BuiltinServer] | None = None
        self._cancel_download = False

    @property
    def phase(self) -> ModelPhase | None:
        """How far it is."""
        return self._phase

    async def download(self) -> None:
        """Fetch the weights; how it went is told as a phase."""
        loop = asyncio.get_running_loop()
        self._cancel_download = False

        def on_progress(done: int, total: int, what: str) -> None:
            loop.call_soon_threadsafe(self._tell, "downloading", what, done / total)

        try:
            await asyncio.to_thread(
                weights.fetch, self.entry, paths.models_folder(), on_progress, lambda: self._cancel_download
            )
        except PymolcodeError as error:
            self._tell("absent", error.message)
            return
        except asyncio.CancelledError:
            self._cancel_download = True
            raise
        self.server = self._of(paths.models_folder() / self.entry.file)
        self._tell("loading")

    async def up(self) -> BuiltinServer:
        """The server, started and warm.

        A task of its own: a turn that is stopped stops waiting for it, and the half of a model it would leave behind
        could neither be used nor started again.
        """
        if self._starting is None or self._starting.done():
            self._starting = spawn(self._start(), name="start the model", on_error=_raised_to_who_waits)
        return await asyncio.shield(self._starting)

    async def complete(self, prompt: str, *, grammar: str, max_tokens: int) -> Completion:
        """See CompletionPort; waits until the server is up. Each counts as a request to the model."""
        await self._before()
        server = await self.up()
        body = json.dumps({"prompt": prompt, "grammar": grammar, "n_predict": max_tokens}).encode()
        self._outgoing.sent("POST", f"{server.base_url}/completion", {}, body)
        try:
            found = await server.complete(prompt, grammar=grammar, max_tokens=max_tokens)
        except PymolcodeError:
            if not server.alive:
                self._tell("failed", "It ended; the next message starts it again")
            raise
        self._after(
            Usage(
                n_input_tokens=found.n_prompt + found.n_cached,  # the server counts what it evaluated apart
                n_cached_tokens=found.n_cached,
                n_output_tokens=found.n_generated,
                n_requests=1,
            )
        )
        return found

    async def warm(self, prefix: str) -> float:
        """See CompletionPort."""
        return await (await self.up()).warm(prefix)

    def kill(self) -> None:
        """End it at once; needs no loop, so it works while PyMOL quits."""
        self._cancel_download = True
        if self._starting is not None:
            self._starting.cancel()
        if self.server is not None:
            self.server.kill()

    async def _start(self) -> BuiltinServer:
        try:
            if self.server is None:
                await self._look_for_weights()
            server = self.server
            assert server is not None  # noqa: S101  # _look_for_weights raises otherwise
            if not server.alive:
                self._tell("loading")
                await server.start()
                if self.prefix:
                    self._tell("warming")
                    await server.warm(self.prefix)
                self._tell("ready", self._why)
            return server
        except Exception as error:
            if self._phase not in ("absent", "downloading"):
                self._tell("failed", reason(error))
            raise

    async def _look_for_weights(self) -> None:
        """Another PyMOL, or the command line, may have fetched them meanwhile."""
        found = await asyncio.to_thread(weights.verified, self.entry, paths.models_folder())
        if found is None and self._phase == "downloading":
            raise ModelUnavailable("The built-in model is still being downloaded.", hint="Send again when it is ready.")
        if found is None:
            self._tell("absent", f"Not downloaded ({self.entry.n_bytes / 1e9:.1f} GB)")
            raise ModelUnavailable(_NOT_THERE, hint=_HOW_TO_GET)
        self.server = self._of(found)

    def _of(self, path: Path) -> BuiltinServer:
        return BuiltinServer(path, n_ctx=self.entry.n_ctx)

    def _tell(self, phase: ModelPhase, detail: str = "", fraction: float | None = None) -> None:
        self._phase = phase
        self._tell_phase(phase, detail, fraction)


def reason(error: BaseException) -> str:
    """Why something failed, for the panel's head."""
    return error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"


def _raised_to_who_waits(_error: BaseException) -> None:
    """Whoever waits for the task gets the error; a task that nobody waits for any more has told it as a phase."""
