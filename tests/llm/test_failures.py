import httpx2
import pytest
from pydantic_ai import exceptions

from pymolcode_plugin.core.errors import (
    ModelUnavailable,
    ProviderError,
    ProviderTimeout,
    RateLimited,
    Rejected,
    StreamBroken,
    ToolFailed,
)
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
