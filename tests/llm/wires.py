"""Providers and cases of the wire formats: what each provider's models must do through our own build.

`python -m tests.llm.wires` prints the table.
"""

import asyncio
import importlib.util
import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from pymolcode_plugin.auth.providers import find, providers
from pymolcode_plugin.core.errors import ProviderError, PymolcodeError, RateLimited, Rejected, StreamBroken
from pymolcode_plugin.llm.choice import Choice

from ..node_servers import aimock
from .overloaded_stream import overloaded_stream

KEY = "canary-key-0123456789"
NATIVE = importlib.util.find_spec("google.genai") is not None
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738"
    "550000000049454e44ae426082"
)
LONG = "this is a long answer that the server breaks off in the middle so that whoever reads it sees an error"
USAGE = {
    "prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230, "input_tokens": 1200, "output_tokens": 30,
    "promptTokenCount": 1200, "candidatesTokenCount": 30, "totalTokenCount": 1230,
}  # fmt: skip


class Row:
    """A provider and a way to write requests to it."""

    def __init__(self, provider, api, path, *, native=True):
        self.provider, self.api, self.path, self.native = provider, api, path, native
        self.name = f"{provider}-{api}" if native else f"{provider}-compatible"

    def choice(self, url, key=KEY):
        return Choice(
            provider=self.provider,
            api=self.api,
            name="vendor/a-model" if self.provider == "openrouter" else "a-model",
            base_url=url + self.path,
            key=SecretStr(key),
            why="named by a test",
        )


def _rows():
    for provider in providers():
        if provider.api == "builtin":
            continue
        if provider.api == "google":
            yield from ([Row(provider.id, "google", "")] if NATIVE else [])
            yield Row(provider.id, "google", "", native=False)
        else:
            path = {"anthropic": "", "responses": "/v1"}.get(provider.api, "/v1")
            yield Row(provider.id, provider.api, "/api/v1" if provider.id == "openrouter" else path)
    yield Row("openai", "chat", "/v1")


ROWS = tuple(_rows())


def fixtures():
    """What the emulator answers; each row has messages of its own, because it counts how often one was matched."""
    found = []
    for row in ROWS:

        def said(word, row=row, **match):
            return {"userMessage": f"{word} {row.name}.", **match}

        call = {"name": "color", "arguments": json.dumps({"selection": "chain A"})}
        found += [
            {"match": said("text"), "response": {"content": "Chain A is red.", "usage": USAGE}},
            {"match": said("tool", hasToolResult=True), "response": {"content": "Coloured chain A."}},
            {"match": said("tool"), "response": {"toolCalls": [call]}},
            {"match": said("think"), "response": {"content": "42", "reasoning": "Six times seven."}},
            {
                "match": said("rate", sequenceIndex=0),
                "response": {
                    "error": {"message": "slow down", "type": "rate_limit_error"},
                    "status": 429,
                    "retryAfter": 7,
                },
            },
            {"match": said("rate"), "response": {"content": "after the 429"}},
            {
                "match": said("hours"),
                "response": {"error": {"message": "slow down"}, "status": 429, "retryAfter": 3600},
            },
            {
                "match": said("empty"),
                "response": {
                    "error": {"message": "Insufficient credits.", "code": "insufficient_quota"},
                    "status": 429,
                },
            },
            {"match": said("full"), "response": {"error": {"message": "Rate limit reached"}, "status": 429}},
            {"match": said("boom"), "response": {"error": {"message": "internal", "type": "x"}, "status": 500}},
            {"match": said("cut"), "response": {"content": LONG}, "truncateAfterChunks": 3},
        ]
    return found


@contextmanager
def emulator(folder, **environment):
    """The emulator with these answers."""
    with aimock(fixtures(), folder, **environment) as server:
        yield server


class Wire:
    """Sees the requests, as the conversation's does."""

    def __init__(self):
        self.bodies, self.headers = [], []

    def check_address(self, _url):
        pass

    def sent(self, _method, _url, headers, body):
        self.bodies.append(body)
        self.headers.append(dict(headers))


class Asked:
    """One run of an agent, and what came of it."""

    def __init__(self):
        self.kinds, self.text, self.usage, self.called, self.wire = [], "", None, [], Wire()
        self.slept, self.told, self.pieces = [], [], []


async def ask(row, url, prompt, *, key=KEY, retries=True, asked=None):
    """Ask through `llm.build`, as the agent does; raises what a person would be told."""
    from pydantic_ai import Agent

    from pymolcode_plugin.llm import build as module

    asked = asked or Asked()
    with _without_google(native=row.native), _no_waits(asked.slept, again=retries):
        built = await asyncio.to_thread(module.build, row.choice(url, key), asked.wire)
        await _run(Agent(built.model), built.aclose, prompt, asked)
    return asked


async def _run(agent, aclose, prompt, asked):
    from pymolcode_plugin.llm import failures

    @agent.tool_plain
    async def color(selection: str) -> str:
        asked.called.append(selection)
        return "done"

    try:
        async with agent.run_stream_events(prompt) as events:
            async for event in events:
                part = getattr(event, "part", None)
                asked.kinds.append(getattr(part, "part_kind", event.event_kind))
                piece = part if event.event_kind == "part_start" else getattr(event, "delta", None)
                asked.pieces.append(getattr(piece, "content", "") or getattr(piece, "content_delta", "") or "")
                if event.event_kind == "agent_run_result":
                    asked.text, asked.usage = event.result.output, event.result.usage
    except Exception as error:
        raise failures.explained(error, model="The model", source="named by a test") from error
    finally:
        await aclose()


async def ask_one_after_the_other(row, urls, prompt):
    """Ask through `agent.fallback`; what was told is in `asked.told`."""
    from pydantic_ai import Agent

    from pymolcode_plugin.agent.approvals import Policy
    from pymolcode_plugin.agent.fallback import with_fallback
    from pymolcode_plugin.agent.outgoing import Outgoing
    from pymolcode_plugin.llm import build as module

    asked, closing = Asked(), []

    def make(choice):
        built = module.build(choice, asked.wire)
        closing.append(built.aclose)
        return built.model

    async def aclose():
        for close in closing:
            await close()

    with _without_google(native=row.native), _no_waits(asked.slept, again=True):
        choices = tuple(row.choice(url) for url in urls)
        chain = await with_fallback(choices, make, Outgoing(Policy(None)), asked.told.append)
        await _run(Agent(chain), aclose, prompt, asked)
    return asked


async def text(row, url):
    asked = await ask(row, url, f"text {row.name}.")
    assert asked.text == "Chain A is red."


async def usage(row, url):
    asked = await ask(row, url, f"text {row.name}.")
    assert (asked.usage.input_tokens, asked.usage.output_tokens) == (1200, 30)


async def tool_call(row, url):
    asked = await ask(row, url, f"tool {row.name}.")
    assert asked.called == ["chain A"]
    assert asked.text == "Coloured chain A."
    assert len(asked.wire.bodies) == 2


async def thinking(row, url):
    asked = await ask(row, url, f"think {row.name}.")
    assert asked.text == "42"
    assert "thinking" in asked.kinds


async def wait_and_retry(row, url):
    asked = await ask(row, url, f"rate {row.name}.")
    assert asked.text == "after the 429"
    assert len(asked.wire.bodies) == 2
    assert asked.slept == [7.0]


async def too_long_a_wait(row, url):
    """Is not waited for, but told; and only our own client asks again, so there was one request."""
    error = await refusal(ask(row, url, f"hours {row.name}."))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 3600
    assert "60 min" in error.message


async def used_up(row, url):
    """Money is no matter of time."""
    asked = Asked()
    error = await refusal(ask(row, url, f"empty {row.name}.", asked=asked))
    assert isinstance(error, Rejected)
    assert "credit" in error.hint
    assert (len(asked.wire.bodies), asked.slept) == (1, [])


async def overloaded_inside(row, url):
    """An answer that began, and then says "overloaded" before anything of it: the next model is asked."""
    with overloaded_stream() as refusing:
        asked = await ask_one_after_the_other(row, (refusing.url, url), f"text {row.name}.")
        assert refusing.n_asked == 1
    assert (asked.text, asked.slept) == ("Chain A is red.", [])
    assert "".join(asked.pieces) == asked.text, "and nothing is shown twice"
    (told,) = asked.told
    assert "overloaded" in told


async def overloaded_inside_for_good(row, _url):
    """Where there is no other model it is asked again, as often as one that cannot be reached."""
    with overloaded_stream() as refusing:
        error = await refusal(ask_one_after_the_other(row, (refusing.url,), f"text {row.name}."))
        assert refusing.n_asked == 3
    assert isinstance(error, Rejected)
    assert "overloaded" in error.message


async def rate_limited(row, url):
    error = await refusal(ask(row, url, f"full {row.name}.", retries=False))
    assert isinstance(error, RateLimited)
    assert "429" in error.message


async def server_error(row, url):
    error = await refusal(ask(row, url, f"boom {row.name}.", retries=False))
    assert isinstance(error, Rejected)
    assert error.status == 500


async def cut_stream(row, url):
    error = await refusal(ask(row, url, f"cut {row.name}."))
    assert isinstance(error, StreamBroken)


async def picture(row, url):
    import base64

    from pydantic_ai import BinaryContent

    asked = await ask(row, url, [f"text {row.name}.", BinaryContent(PNG, media_type="image/png")])
    sent = asked.wire.bodies[0].decode().replace("-", "+").replace("_", "/")
    assert base64.b64encode(PNG).decode().rstrip("=") in sent


async def key(row, url):
    """The right header carries it and no other does."""
    asked = await ask(row, url, f"text {row.name}.")
    provider = find(row.provider)
    header = provider.key_header if row.native else "authorization"
    carried = {name: value for name, value in asked.wire.headers[0].items() if "anary" in value or "not-a-key" in value}
    assert carried == {header: f"Bearer {KEY}" if header == "authorization" else KEY}


CASES = (
    text, usage, tool_call, thinking, wait_and_retry, too_long_a_wait, rate_limited, used_up, server_error, cut_stream,
    overloaded_inside, overloaded_inside_for_good, picture, key,
)  # fmt: skip
# One of each wire format, for what is the same in all of a format.
_FORMATS = (
    "openai-responses", "anthropic-anthropic", "google-google", "google-compatible", "openrouter-chat", "openai-chat",
)  # fmt: skip


def cases(row):
    """Those that say something of this row."""
    for case in CASES:
        # Mistral tells the usage without being asked, and refuses the question; the emulator wants it.
        asked = row.provider != "mistral" if case is usage else True
        if asked and (case is not overloaded_inside_for_good or row.name in _FORMATS):
            yield case


async def refusal(asking):
    """What a person is told."""
    try:
        asked = await asking
    except (ProviderError, PymolcodeError) as error:
        return error
    raise AssertionError(f"nothing was refused: {asked.text!r}")


@contextmanager
def _without_google(*, native):
    """As where Gemini's own library is not installed."""
    from unittest import mock

    from pymolcode_plugin.llm import build

    if native:
        yield
        return
    with mock.patch.object(build.importlib.util, "find_spec", return_value=None):
        yield


@contextmanager
def _no_waits(slept, *, again):
    """Waits that are written down in place of being waited."""
    from unittest import mock

    from pymolcode_plugin.llm import patience

    async def sleep(seconds):
        slept.append(seconds)

    tries = {} if again else {"n_again": 0, "n_briefly": 0}
    with mock.patch.object(patience, "DEFAULT", patience.Patience(sleep=sleep, chance=lambda: 0.0, **tries)):
        yield


async def _table(url):
    width = max(len(row.name) for row in ROWS)
    names = [case.__name__.replace("_", " ") for case in CASES]
    print(f"{'':{width}}  {'  '.join(names)}")
    n_failed = 0
    for row in ROWS:
        cells = []
        for case, name in zip(CASES, names, strict=True):
            try:
                cell = "-"
                if case in cases(row):
                    await case(row, url)
                    cell = "ok"
            except Exception as error:  # noqa: BLE001  # each cell for itself
                cell, n_failed = "NO", n_failed + 1
                print(row.name, name, type(error).__name__, str(error)[:300], file=sys.stderr)
            cells.append(f"{cell:{len(name)}}")
        print(f"{row.name:{width}}  {'  '.join(cells)}", flush=True)
    return n_failed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, emulator(Path(folder)) as server:
        sys.exit(asyncio.run(_table(server.url)))
