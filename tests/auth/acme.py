"""A provider of the tests' own, and a sign-in to it on a clock that does not wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from pymolcode_plugin.auth.attempt import Time
from pymolcode_plugin.auth.credentials import OAuthClient
from pymolcode_plugin.auth.providers import OAuth, Provider
from pymolcode_plugin.auth.sign_in import SignIn

CLIENT = OAuthClient(client_id="public")


class Clock:
    """Waits by moving on.

    Attributes:
        slept_s: Every wait, in order.
    """

    def __init__(self) -> None:
        self.slept_s: list[float] = []
        self._begun = time.time()

    def now(self) -> float:
        return self._begun + sum(self.slept_s)

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        await asyncio.sleep(0.01)  # the person at the other device is as quick as a test's server

    @property
    def time(self) -> Time:
        return Time(self.now, self.sleep)


def acme(**oauth: object) -> Provider:
    usual = {"methods": ("browser", "device"), "scopes": ("openid", "offline_access", "email")}
    # Without `prompt` the server gives no refresh token to somebody it has seen before.
    extra = {"authorize_extra": {"prompt": "consent"}}
    return Provider(
        id="acme",
        title="Acme",
        api="chat",
        key_page="https://acme.example/keys",
        oauth=OAuth.model_validate(usual | extra | oauth),
    )


def signing_in(store, provider: Provider, client: OAuthClient = CLIENT, *, clock: Clock | None = None) -> SignIn:
    clients: Mapping[str, OAuthClient] = {provider.id: client} if client != OAuthClient() else {}
    return SignIn(store, clients, find=lambda _id: provider, time=(clock or Clock()).time)
