"""The command `pymolcode-auth`, whose every word is searched for secrets when a test ends."""

import pytest

from .auth_command import AuthCommand


@pytest.fixture
def auth(tmp_path):
    command = AuthCommand(tmp_path / "home")
    yield command
    command.check()
