"""A chat of ten turns, each with a tool call, and what of its requests a provider's cache would have held."""

import asyncio
import json
import tempfile
from pathlib import Path

from pydantic import SecretStr

from pymolcode_plugin.agent.approvals import Policy
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.core.tool import ToolResult
from pymolcode_plugin.llm.choice import Choice
from pymolcode_plugin.tools.catalogue import TOOLS

from ..node_servers import aimock

N_TURNS = 10
MODELS = {
    "chat": ("custom", "/v1", "a-model"),
    "responses": ("openai", "/v1", "gpt-6.1-terra"),
    "anthropic": ("anthropic", "", "claude-sonnet-5-5"),
    "google": ("google", "", "gemini-3.8-flash"),
}
_CHARS_A_TOKEN = 4


class Recording(Outgoing):
    """Keeps every request."""

    def __init__(self):
        super().__init__(Policy(None))
        self.bodies = []

    def sent(self, method, url, headers, body):
        super().sent(method, url, headers, body)
        self.bodies.append(json.loads(body))


async def requests(api):
    """The bodies of a chat's requests, as they were sent."""
    from pymolcode_plugin.agent.full_profile import FullProfile
    from pymolcode_plugin.agent.gate import Gate
    from pymolcode_plugin.llm.build import build

    call = {"name": "query_atoms", "arguments": json.dumps({"what": "count", "selections": ["chain A"]})}
    fixtures = []
    for turn in range(N_TURNS):
        match = {"userMessage": f"Turn {turn}."}
        fixtures += [
            {"match": {**match, "sequenceIndex": 0}, "response": {"toolCalls": [call]}},
            {"match": match, "response": {"content": f"Chain A has {turn} atoms. " + "So it is. " * 20}},
        ]

    async def call_tool(_call_id, _name, _arguments):
        return ToolResult(text="chain A: 99 residues, 758 atoms. " * 10)

    provider, path, name = MODELS[api]
    outgoing = Recording()
    with tempfile.TemporaryDirectory() as folder, aimock(fixtures, Path(folder)) as server:
        choice = Choice(
            provider=provider, api=api, name=name, base_url=server.url + path, key=SecretStr("canary-key-0123")
        )
        built = await asyncio.to_thread(build, choice, outgoing, chat_id="chat")
        profile = FullProfile(Gate(built.model, outgoing, choice), TOOLS, call_tool)
        try:
            for turn in range(N_TURNS):
                await profile.run(f"t{turn}", f"[The scene has 2 objects.]\nTurn {turn}.", lambda _event: None)
        finally:
            await built.aclose()
    return outgoing.bodies


def beginning(body):
    """What stands before the chat in a request: instructions and tools, without marks."""
    return _unmarked({name: body.get(name) for name in ("system", "instructions", "systemInstruction", "tools")})


def messages(body):
    """The chat of a request, without marks."""
    found = next(body[name] for name in ("messages", "input", "contents") if name in body)
    return _unmarked(found)


def n_tokens(value):
    """About how many."""
    return len(json.dumps(value, ensure_ascii=False)) // _CHARS_A_TOKEN


def _unmarked(value):
    if isinstance(value, dict):
        return {name: _unmarked(item) for name, item in value.items() if name != "cache_control"}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value
