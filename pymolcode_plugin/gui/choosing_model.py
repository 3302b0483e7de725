"""Between the model picker and the conversation: asks providers for their models, uses the one that is chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from ..agent.conversation import Conversation
from ..auth import providers
from ..auth.providers import Provider
from ..auth.store import TokenStore
from ..config import settings
from ..core.errors import NotSignedIn, PymolcodeError
from ..core.events import Notice
from ..core.model_info import ModelInfo
from ..core.tasks import spawn
from ..llm.choice import Choice
from ..llm.model_list import models_of
from ..llm.reach import Layer as Place
from ..llm.reach import Reach
from ..llm.standing import Standing, standings
from .dock import AgentDock
from .model_picker import Layer, ModelPicker
from .model_rows import Offer

_BEFORE_A_SIGN_IN = (Place.ENVIRONMENT.value, Place.CONFIGURATION.value)


class ChoosingModel:
    """The picker, from the panel.

    Args:
        dock: Whose dialog it is.
        conversation: Whose model is chosen.
        sign_in: Opens the sign-in dialog, at a provider or at the list of them.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        *,
        sign_in: Callable[[str], None],
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._sign_in = sign_in
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._ways: dict[str, Reach] = {}
        self._offers: dict[str, Offer] = {}
        self.picker: ModelPicker | None = None

    def show(self) -> None:
        """Open the picker; what was known of a provider is shown while it is asked again."""
        if self.picker is None:
            self.picker = ModelPicker(self._dock)
            self.picker.chosen.connect(self._on_picker_chosen)
            self.picker.retry_requested.connect(self._on_picker_retry_requested)
            self.picker.sign_in_requested.connect(self._sign_in)
        self.picker.show_result("")
        self._show_why()
        self.picker.show()
        self.picker.raise_()
        self.picker.activateWindow()
        self.refresh()

    def show_in_use(self) -> None:
        """The model in use may be another now."""
        if self.picker is not None and self.picker.isVisible():
            self.picker.show_current(self._current())
            self._show_why()

    def refresh(self) -> None:
        """Ask every provider that can be asked, where the picker is open."""
        if self.picker is not None and self.picker.isVisible():
            spawn(self._fill(), name="read how one is signed in", on_error=self._on_failed)

    async def _fill(self) -> None:
        found, trouble = await asyncio.to_thread(lambda: standings(settings.load()))
        if self.picker is None:
            return
        reachable = [standing for standing in found if standing.reach is not None]
        self._ways = {standing.provider.id: standing.reach for standing in reachable if standing.reach}
        self._offers = {standing.provider.id: self._begun(standing) for standing in reachable}
        # A server that may not run is shown once it answers.
        shown = [self._offers[item.provider.id] for item in reachable if not _may_be_off(item)]
        self.picker.show_offers(shown, self._current())
        if trouble:
            self.picker.show_result(trouble, level="error")
        for provider_id in self._ways:
            self._ask(provider_id)

    def _begun(self, standing: Standing) -> Offer:
        provider = standing.provider
        before = self._offers.get(provider.id)
        state = "" if provider.api == "builtin" else standing.state
        return Offer(provider=provider.id, title=provider.title, state=state, models=before.models if before else None)

    def _ask(self, provider_id: str) -> None:
        running = self._asking.get(provider_id)
        if running is None or running.done():
            asked = spawn(self._show_answer(provider_id), name="list models", on_error=self._on_failed)
            self._asking[provider_id] = asked

    async def _show_answer(self, provider_id: str) -> None:
        way = self._ways[provider_id]
        offer = await self._answer(way, self._offers[provider_id])
        self._offers[provider_id] = offer
        if self.picker is None:
            return
        if offer.problem and way.provider.local:
            self.picker.hide_offer(provider_id)
        else:
            self.picker.show_offer(offer)

    async def _answer(self, way: Reach, before: Offer) -> Offer:
        provider = way.provider
        if not provider.lists_models:
            return before.model_copy(update={"models": self._with_current(provider, ()), "note": _typed(provider)})
        try:
            service = self._conversation.brain.sign_in if way.signed_in else None
            models = await models_of(provider, way.base_url, self._conversation.outgoing, key=way.key, sign_in=service)
        except NotSignedIn as error:
            why = str(error.args[0])  # the hint is for a terminal; here there is a button
            return before.model_copy(update={"models": (), "problem": why, "sign_in_helps": True})
        except PymolcodeError as error:
            return before.model_copy(update={"models": (), "problem": error.message, "sign_in_helps": False})
        return before.model_copy(update={"models": self._with_current(provider, models), "problem": ""})

    def _with_current(self, provider: Provider, models: tuple[ModelInfo, ...]) -> tuple[ModelInfo, ...]:
        """The model in use is always there, also where the list does not name it."""
        choice = self._conversation.brain.choice
        if choice is None or choice.provider != provider.id or any(model.id == choice.name for model in models):
            return models
        title = Path(choice.name).name if provider.api == "builtin" else ""
        used = ModelInfo(provider=provider.id, id=choice.name, title=title, capabilities=provider.capabilities)
        return (used, *models)

    def _current(self) -> str:
        choice = self._conversation.brain.choice
        return choice.full_name if choice is not None else ""

    def _show_why(self) -> None:
        choice = self._conversation.brain.choice
        if self.picker is not None:
            layers = choice.considered if choice is not None else ()
            self.picker.show_why(
                [Layer(name=layer.layer, found=layer.found, used=layer.used) for layer in layers],
                choice.why if choice is not None else "",
            )

    async def _use(self, name: str, always: bool) -> None:
        await self._conversation.use_model(name)
        choice = self._conversation.brain.choice
        before = await asyncio.to_thread(_from_now_on, name, choice) if always else ""
        if self.picker is None:
            return
        if self._dock.busy:
            self._dock.transcript.add_notice(
                Notice(text=f"From the next message on: {name.partition(':')[2] or name}.")
            )
        if before:
            self.picker.show_result(
                f"This chat uses it. A new one does not yet: {before} goes before what is chosen here."
            )
        else:
            self.picker.close()

    def _on_picker_chosen(self, name: str, always: bool) -> None:
        spawn(self._use(name, always), name="use a model", on_error=self._on_failed)

    def _on_picker_retry_requested(self, provider_id: str) -> None:
        if self.picker is not None and provider_id in self._ways:
            self._offers[provider_id] = self._offers[provider_id].model_copy(update={"models": None, "problem": ""})
            self.picker.show_offer(self._offers[provider_id])
            self._ask(provider_id)

    def _on_failed(self, error: BaseException) -> None:
        if self.picker is not None:
            words = error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"
            self.picker.show_result(words, level="error")


def _may_be_off(standing: Standing) -> bool:
    """A server on this machine that nobody said is there."""
    return standing.provider.local and standing.provider.api != "builtin"


def _typed(provider: Provider) -> str:
    return f"Type {provider.id}:NAME above. {provider.note}".strip()


def _from_now_on(name: str, choice: Choice | None) -> str:
    """Keep it; what stands before it where a model is chosen, in words. Blocking."""
    found = settings.load()
    provider, _, model = name.partition(":")
    TokenStore.users_own(keyring=found.keyring).choose(providers.find(provider).id, model)
    layers = choice.considered if choice is not None else ()
    return next((layer.found for layer in layers if layer.layer in _BEFORE_A_SIGN_IN and layer.found), "")
