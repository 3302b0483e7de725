"""Ties the options' menu and its dialogs to the conversation; what is chosen holds for this session."""

from __future__ import annotations

from collections.abc import Callable

from ..agent.approvals import Rule
from ..agent.conversation import Conversation
from ..core.errors import ConfigError
from ..core.outgoing import Data
from ..core.risk import Mode
from .dock import AgentDock
from .options_menu import Options, OptionsMenu
from .rules_dialog import RulesDialog
from .sent_dialog import SentDialog

_MAY = {
    "READ": "read",
    "VIEW": "change the view",
    "MODIFY": "change the scene",
    "DESTROY": "delete or replace things",
    "FILE": "use files",
    "NET": "fetch from the network",
}


class SessionOptions:
    """The mode, the switches of what is sent, and the rules, from the panel.

    Args:
        dock: Has the menu.
        conversation: Holds what is chosen.
        show_models: Opens the model picker.
        show_sign_in: Opens the sign-in dialog.
        show_sessions: Opens the list of chats.
        compact: Makes what the model is reminded of shorter.
        show_settings: Opens the settings.
        show_doctor: Opens what was found wrong.
        run_command: Runs a command of the panel, by its name.
    """

    def __init__(
        self,
        dock: AgentDock,
        conversation: Conversation,
        *,
        show_models: Callable[[], None],
        show_sign_in: Callable[[], None],
        show_sessions: Callable[[], None],
        compact: Callable[[], None],
        show_settings: Callable[[], None],
        show_doctor: Callable[[], None],
        run_command: Callable[[str], None],
    ) -> None:
        self._dock = dock
        self._conversation = conversation
        self._show_models, self._show_sign_in, self._compact = show_models, show_sign_in, compact
        self._show_settings, self._show_doctor = show_settings, show_doctor
        self._show_sessions, self._run_command = show_sessions, run_command
        self._rules: RulesDialog | None = None
        self._sent: SentDialog | None = None
        dock.options_requested.connect(self.show_menu)
        self.show_mode()

    @property
    def mode(self) -> Mode:
        """What runs without a question."""
        return self._conversation.policy.mode

    def set_mode(self, mode: Mode) -> None:
        """From now on, for this session; a running turn follows at its next step."""
        self._conversation.policy.mode = mode
        self.show_mode()

    def show_mode(self) -> None:
        """Show it in the head."""
        self._dock.head.set_mode(self.mode)

    def show_menu(self) -> OptionsMenu:
        """Open the menu below its button."""
        outgoing = self._conversation.outgoing
        menu = OptionsMenu(
            Options(
                mode=self.mode,
                this_machine_only=outgoing.this_machine_only,
                withheld=outgoing.withheld,
                leaves_machine=outgoing.leaves_machine,
                statement=outgoing.statement(),
            ),
            self._dock,
        )
        menu.mode_chosen.connect(self.set_mode)
        menu.this_machine_only_switched.connect(self._on_menu_this_machine_only_switched)
        menu.withheld_changed.connect(self._on_menu_withheld_changed)
        menu.last_request_requested.connect(self.show_sent)
        menu.rules_requested.connect(self.show_rules)
        menu.model_requested.connect(self._show_models)
        menu.sign_in_requested.connect(self._show_sign_in)
        menu.sessions_requested.connect(self._show_sessions)
        menu.compact_requested.connect(self._compact)
        menu.settings_requested.connect(self._show_settings)
        menu.doctor_requested.connect(self._show_doctor)
        menu.export_requested.connect(lambda: self._run_command("export"))
        menu.tour_requested.connect(lambda: self._run_command("tour"))
        menu.help_requested.connect(lambda: self._run_command("help"))
        self._dock.open_menu(menu)
        return menu

    def show_sent(self) -> None:
        """Open the last request; it stays open beside the work."""
        outgoing = self._conversation.outgoing
        self._sent = SentDialog(outgoing.last_request, outgoing.statement, self._dock)
        self._sent.show()

    def show_rules(self) -> None:
        """Open the list of what is always allowed."""
        self._rules = RulesDialog(self._dock)
        self._rules.revoked.connect(self._on_rules_revoked)
        self._fill_rules(self._rules)
        self._rules.show()

    def _fill_rules(self, dialog: RulesDialog) -> None:
        try:
            rules = self._conversation.policy.rules.all()
        except ConfigError as error:
            dialog.show_rules((), error.message)
            return
        dialog.show_rules(
            [(f"{rule.command} may {_MAY.get(rule.risk, rule.risk)} in {rule.folder}", rule) for rule in rules]
        )

    def _on_rules_revoked(self, rule: Rule) -> None:
        self._conversation.policy.rules.remove(rule)
        if self._rules is not None:
            self._fill_rules(self._rules)

    def _on_menu_this_machine_only_switched(self, on: bool) -> None:
        self._conversation.outgoing.this_machine_only = on

    def _on_menu_withheld_changed(self, kinds: frozenset[Data]) -> None:
        self._conversation.outgoing.withheld = kinds
