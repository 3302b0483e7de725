"""What leaves this machine: the switches, what they mean in words, and what was sent last.

One object a conversation. It never sends anything itself: the connection to the model asks it (`core.outgoing.Wire`),
and `agent/gate.py` passes every request through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from ..config.settings import Settings
from ..core.errors import ConfigError
from ..core.outgoing import Data
from ..llm.address import host_of, on_this_machine, runs_elsewhere
from .approvals import Policy

_WORDS = {
    Data.TEXT: "names and numbers of the scene",
    Data.COORDINATES: "coordinates",
    Data.SEQUENCES: "sequences",
    Data.IMAGES: "images",
    Data.FILE_NAMES: "file names",
}


class Outgoing:
    """The switches of one conversation.

    Args:
        policy: Holds the lock, which the door looks at too.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._withheld: frozenset[Data] = frozenset()
        self._switched: set[str] = set()
        self._address: str | None = None
        self._model = ""

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
        """The lock: no model, fetch or server elsewhere is contacted."""
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

    def sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> None:
        """Implements Wire."""

    def last_request(self) -> str:
        """The last request to a model as it was sent, readable; empty before the first."""
        return ""

    def _hidden(self) -> frozenset[Data]:
        """Where results are withheld entirely, so is everything in them."""
        return frozenset(Data) if Data.TEXT in self._withheld else self._withheld
