"""What is asked again, how often, after how long, and what is not."""

import asyncio
import email.utils
import ssl

import httpx2
import pytest

from pymolcode_plugin.llm.patience import Patience, PatientClient, asked_wait_s

NOW = 1_800_000_000.0


class Clock:
    """Sleeps that take no time and are written down."""

    def __init__(self, **limits):
        self.slept = []
        self.patience = Patience(sleep=self._sleep, now=lambda: NOW, chance=lambda: 0.0, **limits)

    async def _sleep(self, seconds):
        self.slept.append(seconds)


class Server:
    """Answers, or failures to answer, one after the other, the last one for ever."""

    def __init__(self, *answers):
        self.answers = answers
        self.requests = []

    async def __call__(self, request):
        self.requests.append(request)
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer[0], headers=answer[1], stream=_Body(answer[2]))


class _Body(httpx2.AsyncByteStream):
    def __init__(self, text):
        self._text = text

    async def __aiter__(self):
        yield self._text.encode()


def reply(status, body="", **headers):
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


OK = reply(200, "fine")


async def ask(server, clock, *, tell=None, stream=False):
    async with PatientClient(transport=httpx2.MockTransport(server), patience=clock.patience, tell=tell) as client:
        request = client.build_request("POST", "http://model.test/v1", json={"a": 1})
        response = await client.send(request, stream=stream)
        await response.aread()
        return response


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "failure",
    [
        *(reply(status) for status in (408, 429, 500, 502, 503, 504, 529)),
        reply(409, x_should_retry="true"),
        reply(400, '{"error": {"message": "Please try that again."}}', x_should_retry="true"),
        httpx2.ConnectError("refused"),
        httpx2.ConnectTimeout("slow"),
        httpx2.ReadError("reset"),
        httpx2.RemoteProtocolError("Server disconnected without sending a response."),
    ],
    ids=lambda failure: str(failure[0] if isinstance(failure, tuple) else type(failure).__name__),
)
async def test_what_fails_for_the_moment_is_asked_again_with_the_same_body(failure, stream):
    server, clock = Server(failure, OK), Clock()
    response = await ask(server, clock, stream=stream)
    assert response.text == "fine"
    assert clock.slept == [0.5]
    assert [request.content for request in server.requests] == [b'{"a":1}'] * 2


@pytest.mark.parametrize(
    "refusal",
    [
        *(reply(status) for status in (400, 401, 402, 403, 404, 409, 413, 422, 501)),
        reply(503, x_should_retry="false"),
        reply(429, '{"error": {"message": "You exceeded your current quota.", "code": "insufficient_quota"}}'),
        reply(429, '{"error": {"code": "1113", "message": "Insufficient balance or no resource package."}}'),
        reply(429, '{"error": {"message": "Request too large for gpt-4o on tokens per min (TPM)"}}', retry_after="1"),
        reply(429, '{"error": {"code": "insufficient_quota"}}', x_should_retry="true"),
    ],
    ids=str,
)
async def test_what_is_refused_for_good_is_asked_once(refusal):
    server, clock = Server(refusal, OK), Clock()
    response = await ask(server, clock, stream=True)
    assert response.status_code == refusal[0]
    assert response.text == refusal[2], "whoever asked reads why"
    assert clock.slept == []


@pytest.mark.parametrize(
    "error",
    [httpx2.ReadTimeout("silent for minutes"), httpx2.PoolTimeout("full"), httpx2.ProxyError("407")],
    ids=lambda error: type(error).__name__,
)
async def test_a_silence_of_minutes_is_not_waited_for_again(error):
    server, clock = Server(error, OK), Clock()
    with pytest.raises(type(error)):
        await ask(server, clock)
    assert clock.slept == []


async def test_a_certificate_that_is_not_trusted_is_no_matter_of_time():
    error = httpx2.ConnectError("bad certificate")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed")
    server, clock = Server(error, OK), Clock()
    with pytest.raises(httpx2.ConnectError):
        await ask(server, clock)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"retry-after": "7"}, "", 7.0),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, "", 0.25),
        ({"retry-after": email.utils.formatdate(NOW + 12, usegmt=True)}, "", 12.0),
        ({"retry-after": email.utils.formatdate(NOW - 12, usegmt=True)}, "", 0.0),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "-1"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({}, '{"error": {"details": [{"@type": "google.rpc.RetryInfo", "retryDelay": "18.5s"}]}}', 18.5),
        ({}, {"error": {"details": [{"retryDelay": "9s"}]}}, 9.0),
        ({}, b'{"error": {"message": "Rate limit reached. Please try again in 1m47.5s. Visit"}}', 107.5),
        ({}, '{"error": {"message": "Limit 3, Used 3. Please try again in 20ms."}}', 0.02),
        ({}, '{"error": {"message": "Please retry after 6 seconds."}}', 6.0),
        ({}, '{"error": {"message": "Please retry in 34.074824224s."}}', 34.074824224),
        ({}, '{"error": {"message": "Please try again in 2h5m."}}', 7500.0),
        ({}, "Please try again in a while.", None),
    ],
)  # fmt: skip
def test_how_long_a_provider_asks_to_wait_is_read_wherever_it_stands(headers, body, expected):
    assert asked_wait_s(httpx2.Headers(headers), body, now=lambda: NOW) == expected


async def test_what_the_provider_asks_for_is_waited():
    clock = Clock()
    server = Server(reply(429, retry_after="7"), reply(503, retry_after_ms="1500"), OK)
    assert (await ask(server, clock)).text == "fine"
    assert clock.slept == [7.0, 1.5]


async def test_a_longer_wait_than_the_limit_is_not_waited_for_and_its_answer_is_given_back():
    server, clock = Server(reply(429, "later", retry_after="31"), OK), Clock()
    response = await ask(server, clock, stream=True)
    assert (response.status_code, response.text, response.headers["retry-after"]) == (429, "later", "31")
    assert clock.slept == []


async def test_all_waits_of_a_request_together_have_a_limit():
    server, clock = Server(reply(429, retry_after="12")), Clock()
    assert (await ask(server, clock)).status_code == 429
    assert clock.slept == [12.0, 12.0]


async def test_without_a_word_of_the_provider_each_wait_is_twice_as_long():
    server, clock = Server(reply(503)), Clock()
    assert (await ask(server, clock)).status_code == 503
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert sum(clock.slept) <= 30


@pytest.mark.parametrize("failure", [reply(500), httpx2.ConnectError("refused")], ids=["500", "refused"])
async def test_what_is_mostly_for_good_is_tried_twice_more(failure):
    server, clock = Server(failure), Clock()
    if isinstance(failure, Exception):
        with pytest.raises(httpx2.ConnectError):
            await ask(server, clock)
    else:
        assert (await ask(server, clock)).status_code == 500
    assert len(server.requests) == 3


async def test_not_everybody_comes_back_at_once():
    clock = Clock()
    waits = {
        Patience(chance=lambda chance=chance: chance).wait_s(2, None, 0, briefly=False) for chance in (0.0, 0.5, 1.0)
    }
    assert waits == {2.0, 1.75, 1.5}
    assert clock.patience.wait_s(0, 5.0, 0, briefly=False) == 5.0
    assert Patience(chance=lambda: 1.0).wait_s(0, 5.0, 0, briefly=False) >= 5.0, "never before what was asked"


async def test_a_wait_ends_with_the_task():
    waiting = asyncio.Event()

    async def for_ever(_seconds):
        waiting.set()
        await asyncio.Event().wait()

    clock, server = Clock(), Server(reply(503))
    clock.patience = Patience(sleep=for_ever)
    task = asyncio.ensure_future(ask(server, clock))
    await asyncio.wait_for(waiting.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.requests) == 1


async def test_only_more_than_a_moment_is_told_and_once():
    told = []
    server, clock = (
        Server(reply(529), reply(503), reply(429, retry_after="6"), reply(429, retry_after="9"), OK),
        Clock(),
    )
    await ask(server, clock, tell=lambda why, wait_s: told.append((why, wait_s)))
    assert told == [("asks to slow down (429)", 6.0)]
    assert clock.slept == [0.5, 1.0, 6.0, 9.0]


async def test_each_try_is_authorised_and_seen_by_itself():
    """A token may be renewed meanwhile, and the lock may be switched on."""
    seen, tokens = [], iter("ab")

    class Renewed(httpx2.Auth):
        def auth_flow(self, request):
            request.headers["authorization"] = next(tokens)
            yield request

    async def before(request):
        seen.append(request.headers["authorization"])

    server, clock = Server(reply(503), OK), Clock()
    options = {"auth": Renewed(), "event_hooks": {"request": [before]}, "patience": clock.patience}
    async with PatientClient(transport=httpx2.MockTransport(server), **options) as client:
        assert (await client.post("http://model.test/v1", json={})).text == "fine"
    assert seen == ["a", "b"]
