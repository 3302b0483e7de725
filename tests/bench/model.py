"""Seconds from a request to its first step with the built-in model: the very first time, a new start, and warm.

And the tokens that prompt and schemas take of every request of the full profile, counted by that model's server.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from unittest import mock

import httpx2

from .row import Row

# Not understood without the model.
REQUESTS = (
    "could the flap tip and hinge at residue 50 of chain A be orange",
    "could the flap tip and hinge at residue 50 of chain B be cyan",
    "could the elbow tip and hinge at residue 40 of chain B be yellow",
)


def measure():
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict(os.environ, {"PYMOLCODE_HOME": home, "PYMOLCODE_MODEL": "builtin"}),
    ):
        return asyncio.run(_measure())


async def _measure():
    first = await _start_and_ask()
    second = await _start_and_ask(then=_count_tokens)
    n_prompt, n_schemas = second.pop()
    warm = statistics.median(second[1:])
    return [
        Row("built-in model, first start ever to first step", f"{first[0]:.1f} s", "-", True),
        Row("built-in model, later start to first step", f"{second[0]:.1f} s", "-", True),
        Row("built-in model, warm to first step", f"{warm:.2f} s median", "< 5 s", warm < 5),
        Row(
            "full profile, tokens of prompt and schemas",
            f"{n_prompt + n_schemas:,} ({n_prompt:,} prompt, {n_schemas:,} of {len(_schemas())} tools)",
            "< 3,000",
            n_prompt + n_schemas < 3000,
        ),
    ]


async def _start_and_ask(then=None):
    from tests.evals.__main__ import _session

    cmd, conversation, events = _session()
    cmd.reinitialize()
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"), quiet=1)
    seconds = []
    for request in (REQUESTS[0], *REQUESTS):
        started = time.monotonic()
        task = asyncio.ensure_future(conversation.prompt(request))
        n_before = sum(event.kind == "step_started" for event in events)
        while not task.done() and sum(event.kind == "step_started" for event in events) == n_before:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        seconds.append(time.monotonic() - started)
        await task
    if then is not None:
        seconds.append(await then(conversation.brain.server))
    await conversation.aclose()
    return seconds


async def _count_tokens(server):
    from pymolcode_plugin.config import paths

    prompt = paths.resource("prompts/system.md").read_text(encoding="utf-8")
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {server.key}"}) as client:
        counts = []
        for text in (prompt, json.dumps(_schemas(), ensure_ascii=False, separators=(",", ":"))):
            answer = await client.post(f"{server.base_url}/tokenize", json={"content": text})
            counts.append(len(answer.json()["tokens"]))
    return counts


def _schemas():
    """As they stand in the body of a request."""
    from pymolcode_plugin.tools.catalogue import TOOLS

    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
        }
        for tool in TOOLS
    ]
