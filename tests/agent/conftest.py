import pytest

from pymolcode_plugin.agent.conversation import Conversation
from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.tools.catalogue import TOOLS

from .person import Person


@pytest.fixture
async def open_chat(gateway, hiv_protease):
    made = []

    def make(server, person=None, **more):
        events = []
        environment = server.environment | more
        made.append(
            Conversation(
                TOOLS, gateway, person or Person(), events.append,
                sessions_folder=paths.sessions_folder(), read_settings=lambda: settings.load(environment),
            )
        )  # fmt: skip
        return made[-1], events

    yield make
    for conversation in made:
        await conversation.aclose()
