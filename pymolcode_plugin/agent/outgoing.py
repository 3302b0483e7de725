"""What leaves this machine: the switches, what they mean in words, and what was sent last.

One object a conversation. It never sends anything itself: the connection to the model asks it (`core.outgoing.Wire`),
and `agent/gate.py` passes every request through it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..address import host_of, on_this_machine, runs_elsewhere
from ..config.settings import Settings
from ..core.errors import ConfigError, ModelUnavailable
from ..core.outgoing import Data
from ..core.tool import Tool
from ..llm.choice import BUILTIN_HINT, locked_out
from .approvals import Policy
from .last_request import LastRequest
from .scrub import without_coordinates
from .scrub_files import without_file_names
from .scrub_sequences import without_sequences

_WORDS = {
    Data.TEXT: "names and numbers of the scene",
    Data.COORDINATES: "coordinates",
    Data.SEQUENCES: "sequences",
    Data.IMAGES: "images",
    Data.FILE_NAMES: "file names",
}

WITHHELD = "(withheld by the user)"


class Outgoing:
    """The switches of one conversation.

    Args:
        policy: Holds the lock, which the door looks at too.
        tools: Say what their results may hold.
    """

    def __init__(self, policy: Policy, tools: tuple[Tool[Any], ...] = ()) -> None:
        self._policy = policy
        self._reveals = {tool.name: tool.reveals for tool in tools}
        self._withheld: frozenset[Data] = frozenset()
        self._switched: set[str] = set()
        self._address: str | None = None
        self._model = ""
        self._own_words: set[str] = set()
        self._last: LastRequest | None = None

    @property
    def withheld(self) -> frozenset[Data]:
        """Kinds of content that are not sent to a model elsewhere, from the next request on."""
        return self._withheld

    @withheld.setter
    def withheld(self, kinds: Iterable[Data]) -> None:
        self._withheld = frozenset(kinds)
        self._switched.add("withheld")

    @property
    def this_machine_only(self) -> bool:
        """The lock: no model, fetch or server elsewhere is contacted.

        The built-in model's weights may still be downloaded where the user asks for that: it carries nothing of theirs.
        """
        return self._policy.this_machine_only

    @this_machine_only.setter
    def this_machine_only(self, on: bool) -> None:
        self._policy.this_machine_only = on
        self._switched.add("this_machine_only")

    @property
    def leaves_machine(self) -> bool:
        """True where the model that was chosen runs elsewhere."""
        if not self._address:
            return False
        return not on_this_machine(self._address) or runs_elsewhere(self._model)

    def begin_with(self, settings: Settings) -> None:
        """Take over what is set, except for what was switched by hand in this conversation."""
        if "withheld" not in self._switched:
            self._withheld = settings.withhold
        if "this_machine_only" not in self._switched:
            self._policy.this_machine_only = settings.this_machine_only

    def model_is(self, address: str, name: str = "") -> None:
        """The model was chosen; an empty address stands for the built-in one."""
        self._address, self._model = address, name

    def statement(self) -> str:
        """What goes where, in words for a person."""
        if self._address is None:
            return "No model is chosen yet; nothing has been sent."
        if not self.leaves_machine:
            return "Everything stays on this machine."
        host = host_of(self._address) or self._address
        if on_this_machine(self._address):
            host = f"the makers of the server at {host}, which passes `{self._model}` on"
        if self.this_machine_only:
            return f"`This machine only` is on: nothing is sent to {host}."
        given = ["what you write", *(words for kind, words in _WORDS.items() if kind not in self._hidden())]
        kept = [words for kind, words in _WORDS.items() if kind in self._hidden()]
        but = f" Not: {', '.join(kept)}." if kept else ""
        plain = ", unencrypted" if urlsplit(self._address).scheme == "http" else ""
        return f"To {host}{plain}: {', '.join(given)}.{but}"

    def check_address(self, url: str) -> None:
        """Implements Wire; whatever opens a connection for the agent asks here first. Nothing is looked up."""
        if self.this_machine_only and not on_this_machine(url):
            raise ConfigError(
                f"`This machine only` is on, and {host_of(url) or 'this address'} is not on this machine.",
                hint="Use what is on this machine, or switch the lock off.",
            )

    def check_model(self) -> None:
        """May the model that was chosen be asked now?

        Raises:
            ModelUnavailable: `This machine only` is on, and it runs elsewhere.
        """
        if self.this_machine_only and self.leaves_machine:
            raise ModelUnavailable(locked_out(self._address or ""), hint=BUILTIN_HINT)

    def sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Implements Wire."""
        self._last = LastRequest(method, url, dict(headers), body)

    def last_request(self) -> str:
        """The last request to a model as it was sent, readable; empty before the first."""
        return self._last.text if self._last else ""

    def wrote(self, text: str) -> None:
        """The user wrote this, so it goes out as it is."""
        if text:
            self._own_words.add(text)

    def withholds(self, kind: Data) -> bool:
        """Whether content of this kind is taken out now; nothing is where all stays on this machine."""
        return self.leaves_machine and kind in self._hidden()

    def filtered(
        self, tool: str, text: str, *, known_files: Iterable[str] = (), strict: frozenset[Data] = frozenset()
    ) -> str:
        """A tool's result, or any other text that the user did not write, as it may go to the model.

        Args:
            tool: Its name, or an empty string.
            text: What it said.
            known_files: Names of files the call was about.
            strict: Kinds that are to go where they are in doubt, besides those that the tool reveals.
        """
        if self.withholds(Data.TEXT):
            return WITHHELD if text.strip() else text
        hidden = self._hidden() if self.leaves_machine else frozenset()
        known = tuple(sorted(known_files)) if Data.FILE_NAMES in hidden else ()
        return _scrubbed(text, hidden, self._reveals.get(tool, frozenset()) | strict, known)

    def filtered_prompt(self, text: str) -> str:
        """A message: the user's own words at its end as they are, the notes before them filtered."""
        own = max((words for words in self._own_words if text.endswith(words)), key=len, default="")
        notes = text[: len(text) - len(own)]
        filtered = self.filtered("", notes)
        return filtered + ("\n" if notes.endswith("\n") and not filtered.endswith("\n") else "") + own

    def _hidden(self) -> frozenset[Data]:
        """Where results are withheld entirely, so is everything in them."""
        return frozenset(Data) if Data.TEXT in self._withheld else self._withheld


@functools.lru_cache(maxsize=256)  # every request holds the whole chat, and a long result takes a tenth of a second
def _scrubbed(text: str, hidden: frozenset[Data], reveals: frozenset[Data], known_files: tuple[str, ...]) -> str:
    if Data.FILE_NAMES in hidden:
        text = without_file_names(text, known=known_files)
    if Data.SEQUENCES in hidden:
        text = without_sequences(text, strict=Data.SEQUENCES in reveals)
    if Data.COORDINATES in hidden:
        text = without_coordinates(text, strict=Data.COORDINATES in reveals)
    return text
