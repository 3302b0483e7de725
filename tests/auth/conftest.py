"""Servers to sign in at, and a store of the test's own."""

from __future__ import annotations

import pytest

from pymolcode_plugin.auth.store import TokenStore

from .vendor import vendor as a_vendor


@pytest.fixture
def oidc(oauth) -> str:
    """The issuer of the certified server."""
    return oauth.issuer


@pytest.fixture
async def vendor():
    """A server whose answers the test writes."""
    async with a_vendor() as server:
        yield server


@pytest.fixture
def store(tmp_path):
    return TokenStore(tmp_path / "auth.json")
