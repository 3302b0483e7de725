import anthropic
import httpx2
import openai
import pytest
from pydantic_ai import exceptions

from pymolcode_plugin.core.errors import (
    ConfigError,
    ModelUnavailable,
    ProviderError,
    ProviderTimeout,
    RateLimited,
    Rejected,
    StreamBroken,
    ToolFailed,
)
from pymolcode_plugin.llm import failures
from pymolcode_plugin.llm.failures import explained


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exceptions.ModelHTTPError(401, "m", {"message": "bad key sk-abcdefghijklmnop"}), Rejected),
        (exceptions.ModelHTTPError(429, "m", None), RateLimited),
        (exceptions.ModelHTTPError(500, "m", "oops"), Rejected),
        (caused(exceptions.ModelAPIError("m", "x"), httpx2.ConnectError("refused")), ModelUnavailable),
        (caused(exceptions.ModelAPIError("m", "x"), httpx2.ReadTimeout("slow")), ProviderTimeout),
        (caused(exceptions.ModelAPIError("m", "x"), httpx2.RemoteProtocolError("cut")), StreamBroken),
        (exceptions.UnexpectedModelBehavior("x"), ProviderError),
        (exceptions.UsageLimitExceeded("x"), ProviderError),
        (ValueError("x"), ProviderError),
    ],
)
def test_whatever_a_model_library_raises_becomes_one_of_ours_in_words(error, kind):
    ours = explained(error, model="Qwen")
    assert type(ours) is kind
    assert "Qwen" in ours.message
    assert "sk-abc" not in ours.message


def test_our_own_errors_stay_as_they_are():
    error = ToolFailed("x")
    assert explained(error, model="Qwen") is error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (exceptions.UnexpectedModelBehavior("Streamed response ended without content or tool calls"), "base URL"),
        (exceptions.UnexpectedModelBehavior("Exceeded maximum output retries (3)"), "empty answer"),
        (exceptions.UsageLimitExceeded("… see https://pydantic.dev"), "request_limit"),
        (exceptions.UnexpectedModelBehavior("odd"), "odd. Send again."),
    ],
)
def test_what_to_do_is_said_in_sentences_without_the_librarys_own_words(error, words):
    message = explained(error, model="Qwen").message
    assert words in message
    assert "pydantic" not in message
    assert "Streamed" not in message


@pytest.mark.parametrize(
    "body",
    [
        {"message": "That key is unknown."},
        {"error": {"message": "That key is unknown.", "type": "auth", "code": None}},
        {"error": "That key is unknown."},
        {"detail": "That key is unknown"},
        "That key is unknown",
    ],
)
def test_of_a_refusal_only_the_sentence_is_shown(body):
    message = explained(exceptions.ModelHTTPError(401, "m", body), model="Qwen").message
    assert message == "Qwen refused the request (401): That key is unknown. Check the key, or sign in again."


def test_a_refusal_without_a_sentence_is_shown_as_it_is():
    message = explained(exceptions.ModelHTTPError(400, "m", {"odd": [1]}), model="Qwen").message
    assert message == "Qwen refused the request (400): {'odd': [1]}."


def answered(status, body, **headers):
    """As OpenAI's library raises it and pydantic-ai passes it on."""
    request = httpx2.Request("POST", "http://model.test")
    response = httpx2.Response(status, headers=headers, request=request)
    inner = openai.APIStatusError("no", response=response, body=body)
    return caused(exceptions.ModelHTTPError(status, "m", body), inner)


def inside_anthropics(body):
    """As older pydantic-ai lets it out of a stream."""
    response = httpx2.Response(200, request=httpx2.Request("POST", "http://model.test"))
    return anthropic.APIStatusError("no", response=response, body=body)


@pytest.mark.parametrize(
    ("error", "kind", "status", "words"),
    [
        (answered(400, {"code": "context_length_exceeded"}), Rejected, 400, "start a new chat"),
        (answered(429, {"code": "insufficient_quota", "message": "No."}), Rejected, 402, "no credit or quota left"),
        (answered(403, {"error": "Your team has used all available credits"}), Rejected, 402, "no credit or quota"),
        (answered(400, {"code": "content_filter", "message": "No."}), Rejected, 400, "filter of contents"),
        (answered(400, {"code": "API_KEY_INVALID"}), Rejected, 401, "Check the key, or sign in again. (a setting)"),
        (answered(403, {"message": "No."}), Rejected, 403, "may use this model. (a setting)"),
        (answered(400, {"message": "Model Not Exist"}), Rejected, 400, "Check the model's name"),
        (answered(529, None), Rejected, 529, "is overloaded (529). Send again later"),
        (answered(408, None), Rejected, 408, "failed (408)"),
        (answered(429, {"message": "Slow."}), RateLimited, None, "is asked too often (429): Slow. Wait a little"),
        # Inside an answer, which began with 200.
        (exceptions.ModelAPIError("m", "Overloaded"), Rejected, 503, "is overloaded: Overloaded. Send again later"),
        (exceptions.ModelAPIError("m", "n_keep: 9 >= n_ctx: 4"), Rejected, 413, "start a new chat"),
        (openai.APIError("x", httpx2.Request("POST", "http://x"), body={"code": 429}), RateLimited, None, "too often"),
    ],
)
def test_what_to_do_about_a_refusal_depends_on_what_it_says_not_on_its_status(error, kind, status, words):
    ours = explained(error, model="Qwen", source="a setting")
    assert type(ours) is kind
    assert getattr(ours, "status", None) == status
    assert words in ours.message


@pytest.mark.parametrize(
    ("headers", "body", "seconds", "words"),
    [
        ({"retry-after": "90"}, None, 90, "wait 90 s."),
        ({"retry-after-ms": "90000"}, None, 90, "wait 90 s."),
        ({"retry-after": "3600"}, None, 3600, "wait 60 min."),
        ({"retry-after": "86400"}, None, 86400, "wait 24 h."),
        ({}, {"error": {"details": [{"retryDelay": "45s"}]}}, 45, "wait 45 s."),
        ({}, {"message": "Please try again in 7m12s."}, 432, "wait 7 min."),
    ],
)
def test_how_long_to_wait_is_said(headers, body, seconds, words):
    ours = explained(answered(429, body, **headers), model="Qwen")
    assert isinstance(ours, RateLimited)
    assert ours.retry_after_s == seconds
    assert words in ours.message


@pytest.mark.parametrize(
    ("error", "another"),
    [
        (answered(429, {"code": "insufficient_quota"}), True),
        (answered(402, None), True),
        (answered(500, None), True),
        (exceptions.ModelAPIError("m", "Overloaded"), True),
        (caused(exceptions.ModelAPIError("m", "x"), httpx2.ConnectError("refused")), True),
        (answered(400, {"code": "context_length_exceeded"}), False),
        (answered(400, {"code": "content_filter"}), False),
        (answered(401, None), False),
        (exceptions.UnexpectedModelBehavior("odd"), False),
        (caused(exceptions.ModelAPIError("m", "x"), ConfigError("locked")), False),
    ],
)
def test_another_model_may_answer_where_it_is_about_the_moment_or_the_account(error, another):
    assert failures.another_may_answer(error) is another


@pytest.mark.parametrize(
    ("error", "inside"),
    [
        (exceptions.ModelAPIError("m", "Overloaded"), True),
        (answered(200, {"type": "error", "error": {"type": "overloaded_error"}}), True),
        (inside_anthropics({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}), True),
        (inside_anthropics({"type": "error", "error": {"type": "invalid_request_error", "message": "No"}}), False),
        (answered(529, None), False),
        (caused(exceptions.ModelAPIError("m", "x"), httpx2.ConnectError("refused")), False),
        (exceptions.ModelAPIError("m", "n_keep: 9 >= n_ctx: 4"), False),
    ],
)
def test_a_bad_moment_inside_an_answer_is_told_from_one_before_it(error, inside):
    assert failures.momentary_inside(error) is inside


def test_what_a_filter_cut_out_is_said():
    blocked = exceptions.ContentFilterError("Content filter triggered. Finish reason: 'SAFETY'")
    ours = explained(blocked, model="Qwen")
    assert "filter of contents" in ours.message
    assert not failures.another_may_answer(blocked)
