"""What our layers add before the first token, and what a chat of ten turns costs with and without a provider's cache.

The first compares, within one run and by turns, the bare SDK with all that stands before it here. For the second the
requests of a real chat are read as they were sent; what a cache holds follows the vendors' rule, which is that a
request is read from it as far as it begins like the one before, from 1,024 tokens on.
"""

import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path
from unittest import mock

from pydantic import SecretStr

from ..agent import ten_turns
from ..scripted_model import ScriptedModel
from .row import Row

N = 60
LEAST_CACHED = 1024
PRICED = ("anthropic", "claude-sonnet-5-5")


def measure():
    import pymol  # noqa: F401  # sets the variables of PyMOL's data, which must outlive the patch below

    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, {"PYMOLCODE_HOME": home}):
        return [*asyncio.run(_first_token()), *asyncio.run(_ten_turns())]


async def _first_token():
    from openai import AsyncOpenAI

    from pymolcode_plugin.clients import new_client

    with ScriptedModel("Yes it is so.") as server:
        ours, conversation = await _ours(server)
        whole, chat = await _whole(server)
        await ours()
        body = server.requests[-1]
        async with AsyncOpenAI(base_url=server.base_url, api_key="x", http_client=new_client()) as sdk:

            async def bare():
                started = time.perf_counter()
                stream = await sdk.chat.completions.create(**body)
                async for chunk in stream:
                    if chunk.choices and chunk.choices[0].delta.content:
                        first = time.perf_counter() - started
                        break
                await stream.close()
                return first

            library = _library(sdk, body)
            times = {bare: [], library: [], ours: [], whole: []}
            for _ in range(N):
                for way, found in times.items():
                    found.append(await way())
        await conversation()
        await chat.aclose()
    base, agent, profile, message = (statistics.median(found) * 1000 for found in times.values())
    return [
        Row("first token, the bare SDK", f"{base:.1f} ms", "-", True),
        Row("first token, added by pydantic-ai with the same tools", f"{agent - base:.1f} ms", "-", True),
        Row("first token, added by our own layers", f"{profile - agent:.1f} ms", "< 5 ms", profile - agent < 5),
        Row("first token, added from profile to wire", f"{profile - base:.1f} ms", "< 5 ms", profile - base < 5),
        Row("first token, added with a look at the scene (1HPV)", f"{message - base:.1f} ms", "-", True),
    ]


def _library(sdk, body):
    """An agent of pydantic-ai with the same instructions and tools, and nothing of ours."""
    from pydantic_ai import Agent, Tool
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    from pymolcode_plugin.tools.catalogue import TOOLS

    async def run(**_arguments):
        return ""

    tools = [
        Tool.from_schema(run, name=tool.name, description=tool.description, json_schema=tool.schema) for tool in TOOLS
    ]
    model = OpenAIChatModel("m", provider=OpenAIProvider(openai_client=sdk))
    agent = Agent(model, instructions=body["messages"][0]["content"], tools=tools)

    async def library():
        started, first = time.perf_counter(), 0.0
        async with agent.run_stream_events("Is it so?") as events:
            async for event in events:
                kind = getattr(event, "event_kind", "")
                if not first and kind in ("part_start", "part_delta"):
                    first = time.perf_counter() - started
        return first

    return library


async def _ours(server):
    """From the profile through every layer to the wire."""
    from pymolcode_plugin.agent.approvals import Policy
    from pymolcode_plugin.agent.budget import Budget
    from pymolcode_plugin.agent.making import full_profile
    from pymolcode_plugin.agent.outgoing import Outgoing
    from pymolcode_plugin.agent.spending import Spending
    from pymolcode_plugin.auth.sign_in import SignIn
    from pymolcode_plugin.auth.store import TokenStore
    from pymolcode_plugin.llm.choice import Choice
    from pymolcode_plugin.tools.catalogue import TOOLS

    choice = Choice(provider="custom", api="chat", name="m", base_url=server.base_url, key=SecretStr("a-key-012345"))
    spending = Spending()
    profile, aclose = await full_profile(
        (choice,),
        TOOLS,
        None,
        Outgoing(Policy(None)),
        spending,
        Budget(spending, None, lambda _event: None),
        emit=lambda _event: None,
        sign_in=SignIn(TokenStore()),
        chat_id="x",
        request_limit=9,
    )

    async def first():
        profile.forget()
        return await _until_text(lambda emit: profile.run("t", "Is it so?", emit))

    return first, aclose


async def _whole(server):
    """A message of a conversation, with what it says of the scene."""
    import pymol

    from pymolcode_plugin.agent.conversation import Conversation
    from pymolcode_plugin.config import paths, settings
    from pymolcode_plugin.scene.gateway import Gateway
    from pymolcode_plugin.scene.headless_drain import make_executor
    from pymolcode_plugin.tools.catalogue import TOOLS

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    cmd.reinitialize()
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"), quiet=1)
    listening = []
    conversation = Conversation(
        TOOLS,
        Gateway(make_executor(asyncio.get_running_loop()), cmd),
        None,
        lambda event: [listen(event) for listen in listening],
        sessions_folder=paths.sessions_folder(),
        read_settings=lambda: settings.load(server.environment),
    )
    await conversation.brain.prepare()

    async def first():
        conversation.new_chat()

        async def run(emit):
            listening[:] = [emit]
            await conversation.prompt("Is it so?")

        return await _until_text(run)

    return first, conversation


async def _until_text(run):
    started, first = time.perf_counter(), []
    await run(lambda event: first.append(time.perf_counter() - started) if event.kind == "text_delta" else None)
    return first[0]


async def _ten_turns():
    from pymolcode_plugin.core.events import Usage
    from pymolcode_plugin.llm import prices

    rows = []
    for api in ten_turns.MODELS:
        n_all = n_cached = before = 0
        for body in await ten_turns.requests(api):
            size = ten_turns.n_tokens(ten_turns.beginning(body)) + ten_turns.n_tokens(ten_turns.messages(body))
            n_all += size
            n_cached += before if before >= LEAST_CACHED else 0
            before = size
        value = f"{n_all:,} tokens in 20 requests, {n_cached:,} of them cached ({n_cached / n_all:.0%})"
        if api == PRICED[0]:
            # Written once each at a quarter more, then read for a tenth.
            read = Usage(n_input_tokens=n_all, n_cached_tokens=n_cached, n_written_tokens=n_all - n_cached)
            costs = [prices.cost_usd(*PRICED, usage) for usage in (Usage(n_input_tokens=n_all), read)]
            value += f"; ${costs[0]:.3f} without, ${costs[1]:.3f} with"
        rows.append(Row(f"ten turns, {api}", value, "-", True))
    return rows
