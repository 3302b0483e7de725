"""Who decides what: the mode, the rules the person gave, and what is left to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from filelock import FileLock, Timeout
from pydantic import ValidationError

from .. import whole_files
from ..core.errors import ConfigError, Denied
from ..core.risk import Assessment, Mode, Risk
from ..core.scene import Frozen

_ASKS = {
    Mode.ASK: frozenset({Risk.DESTROY, Risk.NET, Risk.EXEC}),
    Mode.AUTO: frozenset({Risk.NET, Risk.EXEC}),
}
# A rule about code, or about files anywhere, would allow everything.
_NEVER_ALWAYS = frozenset({Risk.EXEC})
_QUESTIONS = {
    Risk.DESTROY: "Delete or replace things in the scene?",
    Risk.FILE: "Use this file?",
    Risk.NET: "Fetch from the network?",
    Risk.EXEC: "Run code that can do anything on this computer?",
}


_WAIT_S = 2.0  # for another PyMOL, which needs milliseconds


class Rule(Frozen):
    """One "always allow this here".

    Attributes:
        command: Full name of a PyMOL command or a tool.
        risk: The class that is allowed to it.
        folder: The working folder it holds in.
    """

    command: str
    risk: str
    folder: str


class Rules:
    """The rules of this user, in a file of their own, so that settings written by hand stay as they are.

    Args:
        path: A YAML list; made when the first rule is added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> tuple[Rule, ...]:
        """Every rule, oldest first.

        Raises:
            ConfigError: The file cannot be read.
        """
        try:
            data = yaml.safe_load(self._path.read_text(encoding="utf-8")) or []
            return tuple(Rule.model_validate(item) for item in data)
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError, TypeError) as error:
            raise ConfigError(f"{self._path} cannot be read.", hint="Mend it or move it away.") from error

    def add(self, rules: tuple[Rule, ...]) -> None:
        """Keep new rules.

        Raises:
            ConfigError: The file cannot be read or written.
        """
        self._change(lambda known: tuple(dict.fromkeys((*known, *rules))))

    def remove(self, rule: Rule) -> None:
        """Revoke one; raises as `add`."""
        self._change(lambda known: tuple(item for item in known if item != rule))

    def allow(self, assessment: Assessment, risk: Risk, folder: str) -> bool:
        """True when every command concerned may do what is of class `risk` in `folder`."""
        given = {(item.command, item.risk) for item in self.all() if item.folder == folder}
        return bool(assessment.commands) and all((name, risk.name) in given for name in assessment.commands)

    def _change(self, changed: Callable[[tuple[Rule, ...]], tuple[Rule, ...]]) -> None:
        """One PyMOL at a time: what one revoked must not come back with what another adds."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self._path.with_suffix(".lock"), timeout=_WAIT_S):
                rules = changed(self.all())
                text = yaml.safe_dump([rule.model_dump() for rule in rules], allow_unicode=True, sort_keys=False)
                whole_files.write(self._path, text.encode())
        except (OSError, Timeout) as error:
            raise ConfigError(f"{self._path} cannot be written: {error}.", hint="Nothing was changed in it.") from error


@dataclass
class Policy:
    """What may run without a question.

    Attributes:
        rules: What the person always allows.
        mode: May be changed at any time.
        granted: Classes allowed from the start, as `--yes` on the command line does.
        this_machine_only: Nothing may be fetched.
    """

    rules: Rules
    mode: Mode = Mode.ASK
    granted: frozenset[Risk] = frozenset()
    this_machine_only: bool = False

    def to_ask(self, assessment: Assessment, folder: str) -> frozenset[Risk]:
        """The classes a person must allow; empty when the call may run.

        Raises:
            Denied: It may not run at all.
        """
        if self.this_machine_only and Risk.NET in assessment.risks:
            raise Denied("`This machine only` is on, so nothing is fetched.", hint="Ask for a local file instead.")
        if self.mode is Mode.PLAN and assessment.risk > Risk.READ:
            raise Denied(
                "The mode is plan: nothing that changes anything runs.", hint="Propose the steps in your answer."
            )
        if self.mode is Mode.PLAN:
            return frozenset()
        asks = assessment.risks & _ASKS[self.mode]
        if assessment.outside:
            asks |= {Risk.FILE}
        if assessment.final:
            asks |= {Risk.DESTROY}
        return frozenset(risk for risk in asks - self.granted if not self._always(assessment, risk, folder))

    def _always(self, assessment: Assessment, risk: Risk, folder: str) -> bool:
        return may_always(assessment, risk) and self.rules.allow(assessment, risk, folder)


def may_always(assessment: Assessment, risk: Risk) -> bool:
    """Whether a rule about this class can be offered for such a call."""
    special = assessment.outside or assessment.final
    return risk not in _NEVER_ALWAYS and not special and bool(assessment.commands)


def question(asks: frozenset[Risk]) -> str:
    """The one sentence that says what is at stake."""
    return _QUESTIONS[max(asks)]


def offered_rules(assessment: Assessment, asks: frozenset[Risk], folder: str) -> tuple[Rule, ...]:
    """What "always allow this here" would add; nothing where one of the classes cannot be allowed for good."""
    if not all(may_always(assessment, risk) for risk in asks):
        return ()
    return tuple(
        Rule(command=name, risk=risk.name, folder=folder) for risk in sorted(asks) for name in assessment.commands
    )
