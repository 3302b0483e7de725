"""Asks a model for one token, to see that sign-in, address and name are right."""

from __future__ import annotations

from ..auth.sign_in import SignIn
from ..core.outgoing import Wire
from ..core.scene import Frozen
from .choice import Choice


class Probe(Frozen):
    """What a real request said."""

    seconds: float
    n_input_tokens: int = 0
    n_output_tokens: int = 0
    text: str = ""


async def probe(choice: Choice, sign_in: SignIn, wire: Wire) -> Probe:
    """One real request, as small as the API allows.

    Raises:
        PymolcodeError: What is wrong, in words, with what to do.
    """
    raise NotImplementedError
