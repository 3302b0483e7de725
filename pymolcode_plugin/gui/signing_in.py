"""Between the sign-in dialog and the sign-in service: intents become calls, what comes of them becomes words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from pydantic import SecretStr

from ..agent.conversation import Conversation
from ..auth import providers
from ..auth.credentials import DeviceCode, SignedIn
from ..auth.providers import Method
from ..config import settings
from ..core.counting import counted
from ..core.errors import PymolcodeError
from ..core.tasks import spawn
from ..llm.model_list import models_of
from ..llm.standing import Standing, standings
from .dock import AgentDock
from .sign_in_dialog import SignInDialog, SignInEntry
from .web import open_page

_BEGUN = {"browser": "Starting the sign-in…", "device": "Asking for a code…", "key": "Saving the key…"}
_STILL_ENDING = "The last sign-in is still ending; try again in a moment."
_CANCELLED = "Cancelled. Nothing was changed."
_IN_A_TERMINAL = " A key works too:"
_PREVIEW = (
    "This is a preview of OpenAI's, for programs that run on your computer: it may change or end. Requests are paid by"
    " your ChatGPT plan (Plus or Pro) and count towards its limits. pymolcode gets a token for them, which it keeps on"
    " this computer and which you can sign out of at any time."
)


class SigningIn:
    """Implements `auth.credentials.SignInFront` with the dialog.

    Args:
        dock: Whose dialog it is.
        conversation: Has the sign-in service, and the lock of this session.
        changed: Called when somebody signed in or out.
        show_models: Opens the model picker.
        open_url: Opens a page in the browser; False where there is none.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        *,
        changed: Callable[[], None],
        show_models: Callable[[], None],
        open_url: Callable[[str], bool] | None = None,
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._changed = changed
        self._show_models = show_models
        self._open_url = open_url or open_page
        self._running: asyncio.Task[Any] | None = None
        self._agreed: set[str] = set()
        self.dialog: SignInDialog | None = None

    def show(self, provider_id: str = "") -> None:
        """Open the dialog, at a provider where one is named."""
        if self.dialog is None:
            self.dialog = SignInDialog(self._dock)
            self._connect(self.dialog)
        if not self.dialog.isVisible():
            self.dialog.show_list()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._spawn(self._fill(provider_id), "read how one is signed in")

    def open_page(self, url: str) -> None:
        """Implements SignInFront."""
        if self.dialog is not None:
            self.dialog.show_page(url, opened=self._open_url(url))

    def show_code(self, code: DeviceCode) -> None:
        """Implements SignInFront."""
        if self.dialog is not None:
            self.dialog.show_code(code)

    def _connect(self, dialog: SignInDialog) -> None:
        dialog.key_given.connect(self._on_dialog_key_given)
        dialog.requested.connect(self._on_dialog_requested)
        dialog.cancelled.connect(self._on_dialog_cancelled)
        dialog.signed_out.connect(self._on_dialog_signed_out)
        dialog.page_requested.connect(self._on_dialog_page_requested)
        dialog.models_requested.connect(self._show_models)

    async def _fill(self, provider_id: str = "") -> None:
        try:
            found, trouble = await asyncio.to_thread(lambda: standings(settings.load()))
        except PymolcodeError as error:
            found, trouble = tuple(Standing(provider=provider) for provider in providers.providers()), error.message
        if self.dialog is not None:
            self.dialog.show_entries([self._entry(standing) for standing in found], trouble)
            if provider_id:
                self.dialog.open_provider(provider_id)

    def _entry(self, standing: Standing) -> SignInEntry:
        provider = standing.provider
        known = standing.by_oauth or provider.id in self._agreed
        is_preview = provider.oauth is not None and provider.oauth.preview
        return SignInEntry(
            provider=provider,
            state=standing.state,
            signed_in=standing.signed_in,
            address=standing.address,
            # What works in a terminal is said there; here the key has its own tab.
            missing=standing.missing.partition(_IN_A_TERMINAL)[0],
            notice=_PREVIEW if is_preview and not known else "",
        )

    async def _sign_in(self, provider_id: str, method: Method, key: SecretStr | None, address: str) -> None:
        done = await self._conversation.brain.sign_in.sign_in(provider_id, method, self, key=key, base_url=address)
        await self._fill()
        self._changed()
        if self.dialog is not None:
            self.dialog.show_done(f"{_told(done)} Asking for its models…")
            self._spawn(self._tell_tried(provider_id, _told(done)), "try a sign-in")

    async def _tell_tried(self, provider_id: str, words: str) -> None:
        tried = await self._tried(provider_id)
        if self.dialog is not None and self.dialog.shown_id == provider_id and self._running is None:
            self.dialog.show_result(f"{words} {tried}")

    async def _tried(self, provider_id: str) -> str:
        """What a first question to the provider says; the sign-in stands whatever that is."""
        found, _ = await asyncio.to_thread(lambda: standings(settings.load()))
        way = next((standing.reach for standing in found if standing.provider.id == provider_id), None)
        if way is None or not way.provider.lists_models:
            return ""
        service = self._conversation.brain.sign_in if way.signed_in else None
        try:
            models = await models_of(
                way.provider, way.base_url, self._conversation.outgoing, key=way.key, sign_in=service
            )
        except PymolcodeError as error:
            return f"But its models cannot be read: {error.message}"
        return f"It lists {counted(len(models), 'model')}."

    async def _sign_out(self, provider_id: str) -> None:
        done = await self._conversation.brain.sign_in.sign_out(provider_id)
        await self._fill()
        self._changed()
        if self.dialog is not None:
            ended = " It was revoked there too." if done.revoked else ""
            self.dialog.show_done(f"Signed out.{ended} {done.note}".strip())

    def _begin(self, work: Coroutine[Any, Any, None], words: str) -> None:
        assert self.dialog is not None  # noqa: S101  # it is the dialog that asks
        if self._running is not None:
            work.close()
            self.dialog.show_failed(_STILL_ENDING)
            return
        self.dialog.show_begun(words)
        self._running = self._spawn(work, "sign in")
        self._running.add_done_callback(self._on_running_done)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return spawn(work, name=name, on_error=self._on_failed)

    def _on_failed(self, error: BaseException) -> None:
        if self.dialog is not None:
            # What is no error of ours may hold anything, a secret too; its kind says enough to look for it.
            words = error.message if isinstance(error, PymolcodeError) else f"It failed: {type(error).__name__}."
            self.dialog.show_failed(words)

    def _on_running_done(self, task: asyncio.Task[None]) -> None:
        self._running = None
        if task.cancelled() and self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_failed(_CANCELLED)

    def _on_dialog_key_given(self, provider_id: str, key: SecretStr | None, address: str) -> None:
        self._begin(self._sign_in(provider_id, "key", key, address), _BEGUN["key"])

    def _on_dialog_requested(self, provider_id: str, method: Method, address: str) -> None:
        self._agreed.add(provider_id)
        self._begin(self._sign_in(provider_id, method, None, address), _BEGUN[method])

    def _on_dialog_signed_out(self, provider_id: str) -> None:
        self._begin(self._sign_out(provider_id), "Signing out…")

    def _on_dialog_cancelled(self) -> None:
        if self._running is not None and self.dialog is not None:
            self.dialog.show_begun("Cancelling…")  # what was stored meanwhile is taken back
            self._running.cancel()

    def _on_dialog_page_requested(self, url: str) -> None:
        if not self._open_url(url) and self.dialog is not None:
            self.dialog.show_result(f"No browser could be opened. The page is {url}", level="error")


def _told(done: SignedIn) -> str:
    if done.method == "key":
        return f"{providers.find(done.provider_id).title}: saved."
    who = f" as {done.account}" if done.account else ""
    return f"Signed in{who}. {done.note}".strip()
