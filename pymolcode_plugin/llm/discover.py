"""Asks for lists of models where one has to wait for the answer, and finds servers that run on this machine.

Blocking, for a worker thread: choosing a model is a row of such questions, each of which depends on the one before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from pydantic import SecretStr

from ..address import on_this_machine
from ..auth.own_loop import stoppable
from ..auth.providers import Provider, providers
from ..auth.sign_in import SignIn
from ..core.errors import PymolcodeError
from ..core.model_info import ModelInfo
from ..core.scene import Frozen
from .model_list import models_of


class LocalServer(Frozen):
    """A server that answered, with the names of its models, the first being the one to use."""

    provider: str
    name: str
    base_url: str
    models: tuple[str, ...]


def listed(
    provider: Provider, base_url: str, *, key: SecretStr | None = None, sign_in: SignIn | None = None
) -> tuple[ModelInfo, ...]:
    """As `model_list.models_of`, but one waits for it; raises what that raises."""
    return stoppable(models_of(provider, base_url, key=key, sign_in=sign_in))


def local_addresses(base_urls: Mapping[str, str], environment: Mapping[str, str]) -> tuple[tuple[Provider, str], ...]:
    """The model servers that people run on their machine, and where each is: as set, else at its usual port."""
    return tuple(
        (entry, base_urls.get(entry.id) or _first(environment, entry.base_url_env) or entry.base_url)
        for entry in providers()
        if entry.local and entry.base_url
    )


def running(
    addresses: Sequence[tuple[Provider, str]] | None = None, *, this_machine_only: bool = False
) -> tuple[LocalServer, ...]:
    """The servers that answer with at least one model for chat, in the order in which they are given.

    Args:
        addresses: The usual ones unless they are given.
        this_machine_only: Ask nothing elsewhere.
    """
    given = local_addresses({}, {}) if addresses is None else addresses
    asked = [(entry, url) for entry, url in given if not this_machine_only or on_this_machine(url)]
    answers = stoppable(_all_at_once(asked))
    return tuple(
        LocalServer(provider=entry.id, name=entry.title, base_url=url, models=tuple(model.id for model in answer))
        for (entry, url), answer in zip(asked, answers, strict=True)
        if answer
    )


async def _all_at_once(asked: Sequence[tuple[Provider, str]]) -> list[tuple[ModelInfo, ...]]:
    async def ask(entry: Provider, url: str) -> tuple[ModelInfo, ...]:
        try:
            return await models_of(entry, url)
        except PymolcodeError:
            return ()

    return await asyncio.gather(*(ask(entry, url) for entry, url in asked))


def _first(environment: Mapping[str, str], names: Sequence[str]) -> str:
    return next((environment[name] for name in names if environment.get(name)), "")
