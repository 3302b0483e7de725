"""One small request through a vendor's library; importing this module is heavy, so do it in a worker thread."""

from __future__ import annotations

import asyncio

from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import ModelRequest
from pydantic_ai.settings import ModelSettings

from ..auth.sign_in import SignIn
from ..core.outgoing import Wire
from . import failures
from .build import build
from .choice import Choice
from .probe import QUESTION, Probe

# OpenAI's APIs take no less of models that reason, nor do the gateways before them; others are content with one.
_LEAST_TOKENS = {"responses": 16, "chat": 16}
# A model that still reasons at the limit: a 400 of one that was reached, knows the key and is the one meant.
_BUSY_THINKING = "could not finish the message because max_tokens"


async def ask(choice: Choice, sign_in: SignIn, wire: Wire) -> Probe:
    """Ask it for one token, or the least its API takes.

    Raises:
        PymolcodeError: What is wrong, in words.
    """
    built = await asyncio.to_thread(build, choice, wire, sign_in)
    settings = ModelSettings() if choice.by_oauth else ModelSettings(max_tokens=_LEAST_TOKENS.get(choice.api, 1))
    question = [ModelRequest.user_text_prompt(QUESTION)]
    try:
        async with model_request_stream(built.model, question, model_settings=settings) as stream:
            async for _event in stream:
                pass
            answer = stream.get()
    except Exception as error:  # noqa: BLE001  # border: what the libraries raise is put in words
        if _BUSY_THINKING in str(error).lower():
            return Probe()
        raise failures.explained(error, model=choice.title, source=choice.why) from None
    finally:
        await built.aclose()
    usage = answer.usage
    return Probe(
        n_input_tokens=usage.input_tokens, n_output_tokens=usage.output_tokens, text=(answer.text or "").strip()
    )
