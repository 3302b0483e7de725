"""Asks a model for one token, to see that sign-in, address and name are right."""

from __future__ import annotations

import asyncio
import time

from ..auth.sign_in import SignIn
from ..core.errors import ModelUnavailable, ProviderTimeout
from ..core.heavy import imported
from ..core.outgoing import Wire
from ..core.scene import Frozen
from .builtin import BuiltinServer
from .choice import BUILTIN, Choice, local_file

_LIMIT_S = 60.0
QUESTION = "Answer with one word: ready?"


class Probe(Frozen):
    """What a real request said."""

    seconds: float = 0.0
    n_input_tokens: int = 0
    n_output_tokens: int = 0
    text: str = ""


async def probe(choice: Choice, sign_in: SignIn, wire: Wire) -> Probe:
    """One real request, as small as the API allows.

    Args:
        choice: The model; the built-in one is started for it, and ended.
        sign_in: Hands out tokens where the choice is signed in.
        wire: Sees the request.

    Raises:
        PymolcodeError: What is wrong, in words, with what to do.
    """
    started = time.monotonic()
    try:
        asked = _builtin(choice) if choice.api == BUILTIN else _elsewhere(choice, sign_in, wire)
        found = await asyncio.wait_for(asked, _LIMIT_S)
    except asyncio.TimeoutError:
        raise ProviderTimeout(f"{choice.title} did not answer in {_LIMIT_S:.0f} s.", hint="Try again.") from None
    return found.model_copy(update={"seconds": time.monotonic() - started})


async def _elsewhere(choice: Choice, sign_in: SignIn, wire: Wire) -> Probe:
    asking = await asyncio.to_thread(imported, ".asking", __package__)
    found: Probe = await asking.ask(choice, sign_in, wire)
    return found


async def _builtin(choice: Choice) -> Probe:
    path, entry = await asyncio.to_thread(local_file, choice)
    if path is None:
        raise ModelUnavailable(
            "The built-in model has not been downloaded yet.", hint="`pymolcode model fetch` downloads it."
        )
    server = BuiltinServer(path, n_ctx=entry.n_ctx)
    try:
        await server.start()
        done = await server.complete(QUESTION, grammar="", max_tokens=1)
    finally:
        server.kill()
    return Probe(n_input_tokens=done.n_prompt, n_output_tokens=done.n_generated, text=done.text.strip())
