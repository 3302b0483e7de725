"""Numbers of things in words, as every room says them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """E.g. `1 atom`, `1,631 atoms`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
