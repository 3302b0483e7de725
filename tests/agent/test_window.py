"""What providers say of a request that is too long, as they word it."""

import pytest
from pydantic_ai.exceptions import ModelHTTPError

from pymolcode_plugin.agent.window import is_too_long, limit_in


def refused(message, status=400, **more):
    return ModelHTTPError(status, "m", {"error": {"message": message, **more}})


SAID = [
    (
        "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
        128_000,
    ),
    (
        "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens (38000 of"
        " text input, 2000 in the output).",
        32_768,
    ),
    ("prompt is too long: 210000 tokens > 200000 maximum", 200_000),
    ("input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length", 200_000),
    ("The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1_048_576),
    ("Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 32_768),
    ("This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 131_072),
    ("request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it", 4096),
]


@pytest.mark.parametrize(("message", "limit"), SAID)
def test_the_number_that_is_said_is_the_limit_and_not_what_was_sent(message, limit):
    assert limit_in(refused(message)) == limit
    assert is_too_long(refused(message))


def test_llama_cpp_says_it_beside_its_message():
    error = refused("the request is too long", type="exceed_context_size_error", n_prompt_tokens=9000, n_ctx=4096)
    assert limit_in(error) == 4096


def test_groq_says_how_much_it_takes_a_minute():
    error = refused("Request too large on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce.", 413)
    assert limit_in(error) == 6000
    assert is_too_long(error)


def test_where_no_number_is_said_there_is_none():
    error = refused("Your input exceeds the context window of this model. Please adjust your input and try again.")
    assert limit_in(error) is None
    assert is_too_long(error)
    assert limit_in(ModelHTTPError(413, "m", None)) is None


@pytest.mark.parametrize(
    "message", ["max_tokens is too large: 100000. This model supports at most 16384.", "temperature must be < 2", "no"]
)
def test_another_refusal_is_not_about_the_length(message):
    assert not is_too_long(refused(message))
