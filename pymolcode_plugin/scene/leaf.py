"""Pieces of a state that are shared between states: bytes with the digest that names them; no `cmd`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

_MIN_BYTES = 2048  # smaller pieces stay where they are: looking after them costs more than they hold
_MIN_NUMBERS = 32  # a list of plain values this long is compared as one


class Leaf:
    """Bytes that never change; equal ones of two states are one object, so that `is` says they are equal."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.coded: dict[bytes, bytes] = {}  # digests of what the data mean, by the digest of what they point to

    @cached_property
    def digest(self) -> bytes:
        """16 bytes that name the data, and find them on disk."""
        return hashlib.blake2b(self.data, digest_size=16).digest()


def leaf(data: bytes, before: object = None) -> Leaf:
    """The data as a leaf: the one of the state before where that is equal."""
    if isinstance(before, Leaf) and (before.data is data or before.data == data):
        return before
    return Leaf(data)


def freeze(value: Any, before: Any = None) -> Any:
    """A plain value with its large bytes as leaves, sharing whatever is equal in `before`, which was frozen."""
    if isinstance(value, bytes) and len(value) >= _MIN_BYTES:
        return leaf(value, before)
    if not isinstance(value, list):
        return before if type(before) is type(value) and before == value else value
    if _is_plain(value):
        return before if before == value else value
    if not isinstance(before, list):
        return [freeze(item) for item in value]
    new = [freeze(item, before[number]) if number < len(before) else freeze(item) for number, item in enumerate(value)]
    return before if _is_same(new, before) else new


def share(value: Any, before: Any) -> Any:
    """A plain value with everything that is equal in `before` replaced by that, so that only changes take memory."""
    if value is before or type(value) is not type(before):
        return value
    if not isinstance(value, list) or _is_plain(value):
        return before if value == before else value
    new = [share(item, before[number]) if number < len(before) else item for number, item in enumerate(value)]
    return before if _is_same(new, before) else new


def _is_plain(value: list[Any]) -> bool:
    """Long and without anything inside, as the first and the last say; the same answer when it is frozen."""
    inside = (list, bytes, Leaf)
    return len(value) >= _MIN_NUMBERS and not isinstance(value[0], inside) and not isinstance(value[-1], inside)


def _is_same(new: list[Any], old: list[Any]) -> bool:
    return len(new) == len(old) and all(one is other for one, other in zip(new, old, strict=True))


def leaves_of(value: Any) -> Iterator[Leaf]:
    """The leaves of a frozen value."""
    if isinstance(value, Leaf):
        yield value
    elif isinstance(value, list) and not _is_plain(value):
        for item in value:
            yield from leaves_of(item)


def n_bytes_plain(value: Any) -> int:
    """About what a frozen value takes without its leaves."""
    if isinstance(value, Leaf):
        return 0
    if isinstance(value, list) and value:
        each = 40 if _is_plain(value) and not isinstance(value[0], str) else 0  # a number and its place in the list
        return len(value) * each if each else 56 + sum(8 + n_bytes_plain(item) for item in value)
    return 60 + (len(value) if isinstance(value, str | bytes) else 0)


def thaw(value: Any) -> Any:
    """The inverse of `freeze`."""
    return replaced(value, lambda item: item.data)


def replaced(value: Any, by: Callable[[Leaf], Any]) -> Any:
    """A frozen value with every leaf replaced."""
    if isinstance(value, Leaf):
        return by(value)
    if isinstance(value, list) and not _is_plain(value):
        return [replaced(item, by) for item in value]
    return value
