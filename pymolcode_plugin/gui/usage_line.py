"""One line of what the model was sent and gave, what that cost, and how full its window is."""

from __future__ import annotations

from ..core.events import Usage
from .qt import QtCore, QtGui, QtWidgets

_BAR_HEIGHT_PX = 3
_NEARLY_FULL = 0.8
_CENT = 0.01


def tokens(number: int) -> str:
    """Short: `950`, `12.3k`, `1.2M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + unit
    return str(number)


def dollars(cost_usd: float) -> str:
    """Two digits, more where it is less than a cent."""
    if not cost_usd:
        return "$0"
    return f"${cost_usd:.2f}" if cost_usd >= _CENT else f"${cost_usd:.4f}" if cost_usd >= _CENT**2 else "<$0.0001"


class UsageLine(QtWidgets.QWidget):  # type: ignore[misc]  # pymol.Qt is untyped
    """Hidden until there is something to say; says less where there is less room, and all in its tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QtWidgets.QLabel()
        self.words.setObjectName("usage")
        self.words.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        self.words.setSizePolicy(QtWidgets.QSizePolicy.Policy.Ignored, QtWidgets.QSizePolicy.Policy.Preferred)
        self.bar = QtWidgets.QProgressBar()
        self.bar.setObjectName("contextBar")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_HEIGHT_PX)
        self.bar.setRange(0, 1000)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        self._variants: tuple[str, ...] = ("",)
        self.hide()

    def show_usage(self, turn: Usage, chat: Usage) -> None:
        """Show a turn that goes on or is over, and the sum of the chat."""
        if not (chat.n_input_tokens or chat.n_output_tokens):  # a request that failed is not worth a line of noughts
            self.clear()
            return
        self._variants = _variants(turn, chat)
        full = turn.context_fraction
        self.bar.setVisible(full is not None)
        self.bar.setValue(int(1000 * min(full or 0.0, 1.0)))
        self.bar.setProperty("level", "high" if (full or 0.0) >= _NEARLY_FULL else "")
        self.bar.style().polish(self.bar)
        self.setToolTip(_in_full(turn, chat))
        # A tooltip is out of reach of the keyboard and of a screen reader.
        self.words.setAccessibleDescription(self.toolTip())
        self.bar.setAccessibleName("How full the model's window is")
        self._fit()
        self.show()

    def clear(self) -> None:
        """A new chat: nothing was used."""
        self.setToolTip("")
        self.hide()

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        """Another width, more or fewer words."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics, room = self.words.fontMetrics(), self.width() - 2
        fitting = (text for text in self._variants if metrics.horizontalAdvance(text) <= room)
        self.words.setText(next(fitting, self._variants[-1]))


def _variants(turn: Usage, chat: Usage) -> tuple[str, ...]:
    """The line, each shorter than the one before."""
    cached = f" ({tokens(turn.n_cached_tokens)} cached)" if turn.n_cached_tokens else ""
    out = f"{tokens(turn.n_output_tokens)} out"
    turn_cost, cost = (f" · {_cost_in_short(usage)}" if usage.cost_usd else "" for usage in (turn, chat))
    chat_in = f"{tokens(chat.n_input_tokens)} in · {tokens(chat.n_output_tokens)} out"
    full = "" if turn.context_fraction is None else _percent(turn.context_fraction)
    sent = f"{tokens(turn.n_input_tokens)} in"
    ends = (f" · window {full}", f" · {full}") if full else ("", "")
    return (
        f"Turn {sent}{cached} · {out}{turn_cost}  |  Chat {chat_in}{cost}{ends[0]}",
        f"Turn {sent}{cached} · {out}{turn_cost}  |  Chat{cost or f' {chat_in}'}{ends[1]}".replace("Chat · ", "Chat "),
        f"{sent}{cached} · {out}{cost}{ends[1]}",
        f"{sent} · {out}{cost}{ends[1]}",
        f"{sent} · {out}",
    )


def _at_least(usage: Usage) -> str:
    return "at least " if usage.n_unpriced else ""


def _cost_in_short(usage: Usage) -> str:
    return f"{_at_least(usage)}{dollars(usage.cost_usd or 0.0)}"


def _percent(fraction: float) -> str:
    return f"{fraction:.0%}" if fraction >= _CENT or not fraction else "<1%"


def _in_full(turn: Usage, chat: Usage) -> str:
    lines = [_told("This turn", turn), _told("This chat", chat)]
    if turn.context_fraction is not None:
        lines.append(f"The last request filled {turn.context_fraction:.1%} of what the model can hold.")
    return "\n".join(lines)


def _told(name: str, usage: Usage) -> str:
    parts = [f"{usage.n_input_tokens:,} tokens sent"]
    if usage.n_cached_tokens:
        parts.append(f"{usage.n_cached_tokens:,} of them read from the provider's cache")
    if usage.n_written_tokens:
        parts.append(f"{usage.n_written_tokens:,} written to it")
    parts.append(f"{usage.n_output_tokens:,} tokens received")
    if usage.n_requests:
        parts.append(f"{usage.n_requests:,} request{'' if usage.n_requests == 1 else 's'}")
    if usage.seconds:
        parts.append(f"{usage.seconds:.1f} s")
    return f"{name}: {', '.join((*parts, _cost(usage)))}."


def _cost(usage: Usage) -> str:
    if usage.cost_usd:
        return f"{_at_least(usage)}${usage.cost_usd:.4f}"
    return "price not known" if usage.cost_usd is None or usage.n_unpriced else "no cost"
