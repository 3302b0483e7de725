"""The rows of the sessions dialog: chats by when they were last gone on with, under the day or the month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from ..core.counting import counted
from ..core.scene import Frozen

_RECENT_DAYS = 7
_MAX_STRUCTURES = 4


class ListedSession(Frozen):
    """A kept chat.

    Attributes:
        updated_at: Seconds since 1970.
        preview: Its last messages, as (who, text).
        snippet: Where its text has what is searched for.
        state: `here` for the chat that is open in this panel, `elsewhere` for one in another PyMOL.
    """

    folder: str
    title: str
    updated_at: float = 0.0
    structures: tuple[str, ...] = ()
    n_turns: int = 0
    model: str = ""
    preview: tuple[tuple[str, str], ...] = ()
    snippet: str = ""
    state: Literal["", "here", "elsewhere"] = ""


class Row(Frozen):
    """What is drawn in a line: a heading, or a chat."""

    title: str
    detail: str = ""
    right: str = ""
    snippet: str = ""
    session: ListedSession | None = None

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.right, self.detail, self.snippet) if part)

    @property
    def can_be_chosen(self) -> bool:
        """See `ListedRow`."""
        return self.session is not None


def rows_of(sessions: Sequence[ListedSession], now: datetime) -> list[Row]:
    """The rows, in the order given, each group under its heading."""
    rows: list[Row] = []
    heading = ""
    for session in sessions:
        when = datetime.fromtimestamp(session.updated_at, now.tzinfo)
        group = _group(when.date(), now.date())
        if group != heading:
            heading = group
            rows.append(Row(title=group))
        rows.append(_row(session, when, now))
    return rows


def _row(session: ListedSession, when: datetime, now: datetime) -> Row:
    names = [name for name in session.structures if name.lower() not in session.title.lower()]
    more = f" +{len(names) - _MAX_STRUCTURES}" if len(names) > _MAX_STRUCTURES else ""
    parts = (
        {"here": "open here", "elsewhere": "open in another PyMOL", "": ""}[session.state],
        counted(session.n_turns, "turn"),
        f"{', '.join(names[:_MAX_STRUCTURES])}{more}",
        session.model,
    )
    is_recent = now.date() - when.date() < timedelta(days=2)
    return Row(
        title=session.title,
        detail=" · ".join(part for part in parts if part),
        right=when.strftime("%H:%M") if is_recent else f"{when.day} {when:%b}",
        snippet=session.snippet,
        session=session,
    )


def _group(day: date, today: date) -> str:
    if day >= today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    if today - day < timedelta(days=_RECENT_DAYS):
        return "This week"
    return f"{day:%B %Y}"
