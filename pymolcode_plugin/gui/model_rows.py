"""The rows of the model picker: each provider's heading, then its models, or how asking for them goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from ..core.model_info import ModelInfo
from ..core.scene import Frozen
from .list_rows import ListRows
from .qt import QtCore

_MILLION = 1_000_000
_THOUSAND = 1_000
RowKind = Literal["heading", "model", "waiting", "failed", "note"]


class Offer(Frozen):
    """A provider's models, as far as they are known.

    Attributes:
        state: How one is signed in, in words.
        models: None while they are asked for.
        problem: Why they are not known.
        sign_in_helps: Signing in is what would help, rather than asking again.
        note: Below the models, in words.
    """

    provider: str
    title: str
    state: str = ""
    models: tuple[ModelInfo, ...] | None = None
    problem: str = ""
    sign_in_helps: bool = False
    note: str = ""


class Row(Frozen):
    """What is drawn in a line.

    Attributes:
        badges: What the model can do, and what it lacks that is needed.
        right: Price and window, for a model.
    """

    kind: RowKind
    provider: str
    title: str
    detail: str = ""
    badges: tuple[str, ...] = ()
    right: str = ""
    model: ModelInfo | None = None
    current: bool = False
    sign_in_helps: bool = False

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.title, self.detail, *self.badges, self.right, "used in this chat" if self.current else "")
        return ", ".join(part for part in parts if part)

    @property
    def can_be_chosen(self) -> bool:
        """See `ListedRow`."""
        return self.kind in ("model", "failed")


def rows_of(offers: Iterable[Offer], search: str, current: str) -> list[Row]:
    """The rows that fit the words searched for, and what is named as `PROVIDER:MODEL`; `current` is so too."""
    words = search.lower().split()
    provider, _, name = search.strip().partition(":")
    in_use = current.partition(":")[0]
    rows: list[Row] = []
    for offer in sorted(offers, key=lambda offer: offer.provider != in_use):
        if name and offer.provider == provider.lower():
            typed = ModelInfo(provider=offer.provider, id=name)
            inside = [model_row(typed, current), *_inside(offer, [name.lower()], current, without=name)]
        else:
            inside = _inside(offer, words, current)
        if inside:
            rows.append(Row(kind="heading", provider=offer.provider, title=offer.title, detail=offer.state))
            rows += inside
    return rows


def _inside(offer: Offer, words: Sequence[str], current: str, without: str = "") -> list[Row]:
    if offer.problem:
        action = "Sign in…" if offer.sign_in_helps else "Try again"
        row = Row(
            kind="failed",
            provider=offer.provider,
            title=action,
            detail=offer.problem,
            sign_in_helps=offer.sign_in_helps,
        )
        return [row] if _fits(words, offer.title, offer.provider) else []
    if offer.models is None:
        waiting = Row(kind="waiting", provider=offer.provider, title=f"Asking {offer.title} for its models")
        return [waiting] if _fits(words, offer.title, offer.provider) else []
    models = [
        model_row(model, current)
        for model in offer.models
        if model.id != without and _fits(words, offer.title, offer.provider, model.id, model.title, *badges(model))
    ]
    has_note = offer.note and _fits(words, offer.title, offer.provider)
    return [*models, *([Row(kind="note", provider=offer.provider, title=offer.note)] if has_note else [])]


def _fits(words: Sequence[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)


def model_row(model: ModelInfo, current: str) -> Row:
    """One model."""
    return Row(
        kind="model",
        provider=model.provider,
        title=model.title or model.id,
        detail=model.id if model.title and model.title != model.id else "",
        badges=badges(model),
        right=" · ".join(filter(None, (window(model.context_window), price(model)))),
        model=model,
        current=model.name == current,
    )


def badges(model: ModelInfo) -> tuple[str, ...]:
    """What is known of what it can do; that it cannot call tools matters here."""
    can = model.capabilities
    known = ((can.tools, "tools"), (can.images, "sees images"), (can.thinking, "thinking"))
    lacks = ("no tools",) if can.tools is False else ()
    return (*(name for has, name in known if has), *lacks)


def price(model: ModelInfo) -> str:
    """Of a million tokens, in and out; empty where it is not known."""
    if model.price is None:
        return ""
    if not model.price.input_usd and not model.price.output_usd:
        return "free"
    return f"${_usd(model.price.input_usd)} / ${_usd(model.price.output_usd)}"


def window(n_tokens: int | None) -> str:
    """How much it can hold, short; empty where that is not known."""
    if not n_tokens:
        return ""
    if n_tokens >= _MILLION:
        return f"{n_tokens / _MILLION:.1f}".removesuffix(".0") + "M"
    return f"{n_tokens / _THOUSAND:.0f}k" if n_tokens >= _THOUSAND else str(n_tokens)


def _usd(amount: float) -> str:
    return f"{amount:.2f}" if amount >= 0.01 or not amount else f"{amount:.4f}"  # a cent


class ModelRows(ListRows):
    """The rows for a view; made anew when offers or the search change, which 500 models take a few ms for."""

    rows: Sequence[Row]

    def __init__(self, parent: QtCore.QObject | None = None) -> None:
        super().__init__(parent)
        self.turn_deg = 0  # of the sign that something is asked for

    def turn(self) -> bool:
        """Turn the sign that something is asked for; False where nothing is."""
        self.turn_deg = (self.turn_deg - 30) % 360
        waiting = [number for number, row in enumerate(self.rows) if row.kind == "waiting"]
        for number in waiting:
            self.dataChanged.emit(self.index(number), self.index(number))
        return bool(waiting)

    def data(self, index: QtCore.QModelIndex, role: int = QtCore.Qt.ItemDataRole.DisplayRole) -> object:
        """See Qt."""
        if role == QtCore.Qt.ItemDataRole.ToolTipRole and index.isValid():
            row = self.rows[index.row()]
            return row.detail or row.title
        return super().data(index, role)
