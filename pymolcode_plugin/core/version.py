"""The version of this package, which nothing inside may import: it is what starts everything."""

from __future__ import annotations

import sys


def version() -> str:
    """As `pymolcode --version` says it."""
    return str(sys.modules[__name__.partition(".")[0]].__version__)
