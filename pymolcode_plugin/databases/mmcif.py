"""Counts the atoms of an mmCIF file without understanding the rest of it; the measure for what PyMOL loaded.

Quoted values, comments, values over several lines, rows over several lines and key-value style are read as the
format has them. Source: https://www.iucr.org/resources/cif/spec/version1.1/cifsyntax
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.errors import ToolFailed

# A quote ends a value only where white space follows; `#` begins a comment only where a value could begin.
_TOKEN = re.compile(r"""\s*(?:\#.*|'(.*?)'(?=\s|$)|"(.*?)"(?=\s|$)|(\S+))""")
_NEEDS_CARE = re.compile(r"""['"\#]""")
_PREFIX = "_atom_site."
_ENDS_LOOP = ("_", "loop_", "data_", "save_", "stop_", "global_")
_MODEL = "pdbx_PDB_model_num"
_IDENTITY = ("auth_asym_id", "auth_seq_id", "pdbx_PDB_ins_code", "label_comp_id", "label_atom_id", "label_alt_id")
_INSTEAD = {"auth_asym_id": "label_asym_id", "auth_seq_id": "label_seq_id"}
_Row = list[str]


@dataclass(frozen=True)
class AtomCounts:
    """What is in a file.

    Attributes:
        n_models: Models.
        possible: How many atoms an object of it may have. PyMOL makes one atom of those that all models share, so it
            is one number, but for files whose models have several atoms of one name in one place.
    """

    n_models: int
    possible: range


def is_mmcif(head: bytes) -> bool:
    """Whether a file that begins like this can be mmCIF: a `data_` block after comments and blank lines."""
    for line in head.decode("utf-8", "replace").lstrip("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            return line.lower().startswith("data_")
    return False


def count_atoms(path: Path) -> AtomCounts:
    """Count the rows of `_atom_site` in the first block that has them; reads the file, so use a worker thread.

    Raises:
        ToolFailed: It is no mmCIF file, holds no atoms, or ends in the middle.
    """
    with path.open("rb") as raw:
        if not is_mmcif(raw.read(20_000)):
            raise ToolFailed("What came is not an mmCIF file.")
    per_model: dict[str, int] = {}
    _each_atom(path, lambda columns: _model_counter(columns, per_model))
    if not per_model:
        raise ToolFailed("The file holds no atoms.")
    n_rows = sum(per_model.values())
    if len(per_model) == 1:
        return AtomCounts(1, range(n_rows, n_rows + 1))
    seen: set[tuple[str, ...]] = set()
    _each_atom(path, lambda columns: _identity_collector(columns, seen))
    n_distinct = len({identity[1:] for identity in seen})
    is_clear = len(seen) == n_rows
    return AtomCounts(len(per_model), range(n_distinct, (n_distinct if is_clear else n_rows) + 1))


def _model_counter(columns: list[str], per_model: dict[str, int]) -> Callable[[_Row], None]:
    at = columns.index(_MODEL) if _MODEL in columns else None

    def note(row: _Row) -> None:
        model = "1" if at is None else row[at]
        per_model[model] = per_model.get(model, 0) + 1

    return note


def _identity_collector(columns: list[str], seen: set[tuple[str, ...]]) -> Callable[[_Row], None]:
    """Collects the model of every atom, with what tells it from others of its model."""
    names = [_MODEL, *(name if name in columns else _INSTEAD.get(name, name) for name in _IDENTITY)]
    at = [columns.index(name) for name in names if name in columns]
    return lambda row: seen.add(tuple(row[index] for index in at))


def _each_atom(path: Path, take: Callable[[list[str]], Callable[[_Row], None]]) -> None:
    """Call what `take` makes of the column names with every row of `_atom_site`."""
    with path.open(encoding="utf-8", errors="replace") as file:
        lines = _Lines(file)
        in_loop = lines.skip_to_atoms()
        if in_loop is None:
            return
        columns, values = _header(lines, in_loop)
        note = take(columns)
        if in_loop:
            _rows(lines, len(columns), values, note)
        elif len(values) == len(columns):
            note(values)


class _Lines:
    """Lines with one step back, and text fields (`;` in the first column) taken as one value."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return self._again.pop() if self._again else next(self._lines)

    def put_back(self, line: str) -> None:
        """The next line is this one."""
        self._again.append(line)

    def rest_after_text(self) -> str:
        """Skip the text field that the line before began; what follows its end on the same line.

        Raises:
            ToolFailed: It never ends.
        """
        for line in self:
            if line.startswith(";"):
                return line[1:]
        raise ToolFailed("The file ends in the middle of a text.")

    def skip_to_atoms(self) -> bool | None:
        """Go to the first name of `_atom_site`: whether a loop begins there; None where there is none.

        Most of a file is passed here, so nothing but the beginnings of lines is looked at: a name is never inside
        quotes at a line's beginning, and text fields are skipped.
        """
        in_loop = False
        for line in self:
            if line.startswith(";"):
                self.put_back(self.rest_after_text())
                continue
            start = line.lstrip()
            if start[:5].lower() == "loop_":
                in_loop = True
                start = start[5:].lstrip()
            if start.startswith(_PREFIX):
                self.put_back(start)
                return in_loop
            if start and not start.startswith("#"):
                in_loop = False
        return None


def _header(lines: _Lines, in_loop: bool) -> tuple[list[str], list[str]]:
    """Names of the columns, and the values read with them: all of them in key-value style, few or none in a loop."""
    columns: list[str] = []
    values: list[str] = []
    for line in lines:
        for text, is_value in _values(line, lines):
            if not is_value and text.startswith(_PREFIX) and not (in_loop and values):
                columns.append(text.removeprefix(_PREFIX))
            elif not is_value and text.lower().startswith(_ENDS_LOOP):
                return columns, values
            else:
                values.append(text)
        if in_loop and values:
            return columns, values
    return columns, values


def _rows(lines: _Lines, n_columns: int, pending: list[str], note: Callable[[_Row], None]) -> None:
    """Hand over rows until the loop ends.

    Raises:
        ToolFailed: The last row is not whole.
    """
    pending = _handed_over(pending, n_columns, note)
    for line in lines:
        if not pending and not _NEEDS_CARE.search(line):
            row = line.split()
            if len(row) == n_columns and not line.startswith((";", "_")):  # nearly every line of nearly every file
                note(row)
                continue
        for text, is_value in _values(line, lines):
            if not is_value and text.lower().startswith(_ENDS_LOOP):
                _need_whole(pending)
                return
            pending = _handed_over([*pending, text], n_columns, note)
    _need_whole(pending)


def _handed_over(values: list[str], n_columns: int, note: Callable[[_Row], None]) -> list[str]:
    """Hand over the whole rows among `values`; what is left."""
    n_whole = len(values) // n_columns
    for row in range(n_whole):
        note(values[row * n_columns : (row + 1) * n_columns])
    return values[n_whole * n_columns :]


def _need_whole(pending: list[str]) -> None:
    if pending:
        raise ToolFailed("The file ends in the middle of an atom.")


def _values(line: str, lines: _Lines) -> Iterator[tuple[str, bool]]:
    """The tokens of a line, each with whether it is a value whatever it looks like."""
    if line.startswith(";"):
        yield "", True
        line = " " + lines.rest_after_text()
    for match in _TOKEN.finditer(line.rstrip()):
        single, double, bare = match.groups()
        if bare is not None:
            yield bare, False
        elif single is not None or double is not None:
            yield single if single is not None else double, True
