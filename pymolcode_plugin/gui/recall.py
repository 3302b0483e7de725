"""Going back through what was asked before; what was being written, and what was changed on the way, comes back."""

from __future__ import annotations

from collections.abc import Iterable


class Recall:
    """Earlier prompts and where one is among them."""

    def __init__(self) -> None:
        self._earlier: list[str] = []
        self._written: dict[int, str] = {}  # by how far back; 0 is what was being written
        self._back = 0

    @property
    def is_back(self) -> bool:
        """Whether an earlier prompt is shown."""
        return self._back > 0

    @property
    def earlier(self) -> tuple[str, ...]:
        """Oldest first."""
        return tuple(self._earlier)

    def put_before(self, prompts: Iterable[str]) -> None:
        """What was asked in other sessions; it lies before what was asked in this one."""
        self._earlier[:0] = prompts
        self.begin_again()

    def add(self, prompt: str) -> None:
        """This was sent."""
        if prompt and self._earlier[-1:] != [prompt]:
            self._earlier.append(prompt)
        self.begin_again()

    def older(self, shown: str) -> str | None:
        """The one before what is shown; None where there is none."""
        return self._moved(shown, self._back + 1)

    def newer(self, shown: str) -> str | None:
        """The one after what is shown, at last what was being written; None where that is shown already."""
        return self._moved(shown, self._back - 1)

    def begin_again(self) -> None:
        """The next one that is older is the last one sent."""
        self._written.clear()
        self._back = 0

    def _moved(self, shown: str, back: int) -> str | None:
        if not 0 <= back <= len(self._earlier):
            return None
        self._written[self._back] = shown
        self._back = back
        return self._written.get(back, self._earlier[-back] if back else "")
