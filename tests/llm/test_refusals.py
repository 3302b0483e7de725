"""Real answers of every vendor, as documented or as users reported them, and what each means."""

import json

import pytest

from pymolcode_plugin.llm.refusals import MOMENTARY, Kind, kind_of


def error(message, **fields):
    return {"error": {"message": message, **fields}}


def google(code, status, message, *details):
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def anthropic(kind, message):
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def mistral(message, kind, code):
    return {"object": "error", "message": message, "type": kind, "param": None, "code": code}


OVER_QUOTA = (
    "You exceeded your current quota, please check your plan and billing details. "
    "For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits."
)
DAILY = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "quotaValue": "250"}]}
MINUTELY = {"violations": [{"quotaId": "GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]}
FILTERED = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
TOO_MANY = (
    "Request too large for model `llama-3.3-70b-versatile` in organization `org_1` service tier `on_demand` on tokens "
    "per minute (TPM): Limit 12000, Requested 14137, please reduce your message size and try again."
)
NO_CREDITS = (
    "Your team 1 has either used all available credits or reached its monthly spending limit. To continue making API "
    "requests, please purchase more credits or raise your spending limit."
)
N_KEEP = (
    "Trying to keep the first 15857 tokens when context the overflows. However, the model is loaded with context "
    "length of only 4096 tokens, which is not enough."
)

TABLE = [
    # OpenAI
    ("openai", 400, error("This model's maximum context length is 128000 tokens. However, your messages resulted in "
                          "140000 tokens.", type="invalid_request_error", param="messages",
                          code="context_length_exceeded"), Kind.TOO_LONG),
    ("openai", 400, error("Your input exceeds the context window of this model. Please adjust your input and try "
                          "again.", type="invalid_request_error", code="context_length_exceeded"), Kind.TOO_LONG),
    ("openai", 429, error("Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 342389. The "
                          "input or output tokens must be reduced in order to run successfully.", type="tokens",
                          code="rate_limit_exceeded"), Kind.TOO_LONG),
    ("openai", 429, error("You exceeded your current quota, please check your plan and billing details.",
                          type="insufficient_quota", code="insufficient_quota"), Kind.USED_UP),
    ("openai", 429, error("Rate limit reached for gpt-6 on requests per min (RPM): Limit 3, Used 3, Requested 1. "
                          "Please try again in 20s.", type="requests", code="rate_limit_exceeded"), Kind.RATE_LIMITED),
    ("openai", 401, error("Incorrect API key provided: sk-x. You can find your API key at x.",
                          type="invalid_request_error", code="invalid_api_key"), Kind.WRONG_KEY),
    ("openai", 403, error("Country, region, or territory not supported", code="unsupported_country_region_territory"),
     Kind.NOT_ALLOWED),
    ("openai", 404, error("The model `gpt-99` does not exist or you do not have access to it.",
                          type="invalid_request_error", code="model_not_found"), Kind.NO_SUCH_MODEL),
    ("openai", 400, error("Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
                          type="invalid_request_error", code="invalid_prompt"), Kind.UNSAFE),
    ("openai", 503, error("The engine is currently overloaded, please try again later", type="server_error"),
     Kind.OVERLOADED),
    ("openai", 500, error("The server had an error while processing your request. Sorry about that!",
                          type="server_error"), Kind.BROKEN),
    ("openai", 400, error("Unsupported value: 'temperature' does not support 0.2 with this model.",
                          type="invalid_request_error", param="temperature", code="unsupported_value"), Kind.OTHER),
    ("openai, in the stream", None, {"code": "server_is_overloaded", "message": "Our servers are overloaded."},
     Kind.OVERLOADED),
    ("openai, in the stream", None, {"code": "rate_limit_exceeded", "message": "Rate limit reached"},
     Kind.RATE_LIMITED),
    ("openai, in the stream", 200, {"code": "server_error", "message": "An error occurred."}, Kind.BROKEN),
    ("openai, ChatGPT plan", 429, error("The usage limit has been reached", type="usage_limit_reached",
                                        plan_type="plus", resets_in_seconds=3600), Kind.USED_UP),
    # Anthropic
    ("anthropic", 400, anthropic("invalid_request_error", "prompt is too long: 201130 tokens > 200000 maximum"),
     Kind.TOO_LONG),
    ("anthropic", 400, anthropic("invalid_request_error", "input length and `max_tokens` exceed context limit: 188240 "
                                 "+ 21333 > 200000, decrease input length or `max_tokens` and try again"),
     Kind.TOO_LONG),
    ("anthropic", 413, anthropic("request_too_large", "Request exceeds the maximum size"), Kind.TOO_LONG),
    ("anthropic", 400, anthropic("invalid_request_error", "Your credit balance is too low to access the Anthropic "
                                 "API. Please go to Plans & Billing to upgrade or purchase credits."), Kind.USED_UP),
    ("anthropic", 402, anthropic("billing_error", "There is an issue with your billing."), Kind.USED_UP),
    ("anthropic", 429, anthropic("rate_limit_error", "This request would exceed your organization's rate limit of "
                                 "30,000 input tokens per minute."), Kind.RATE_LIMITED),
    ("anthropic", 529, anthropic("overloaded_error", "Overloaded"), Kind.OVERLOADED),
    ("anthropic, in the stream", 200, anthropic("overloaded_error", "Overloaded"), Kind.OVERLOADED),
    ("anthropic, in the stream", None, anthropic("api_error", "Internal server error"), Kind.BROKEN),
    ("anthropic", 401, anthropic("authentication_error", "invalid x-api-key"), Kind.WRONG_KEY),
    ("anthropic", 403, anthropic("permission_error", "Your API key does not have permission"), Kind.NOT_ALLOWED),
    ("anthropic", 404, anthropic("not_found_error", "model: claude-99"), Kind.NO_SUCH_MODEL),
    ("anthropic", 400, anthropic("invalid_request_error", "Output blocked by content filtering policy"), Kind.UNSAFE),
    ("anthropic", 400, anthropic("invalid_request_error", "messages: text content blocks must be non-empty"),
     Kind.OTHER),
    # Gemini
    ("google", 400, google(400, "INVALID_ARGUMENT", "The input token count (1200000) exceeds the maximum number of "
                           "tokens allowed (1048576)."), Kind.TOO_LONG),
    ("google", 429, google(429, "RESOURCE_EXHAUSTED", OVER_QUOTA, DAILY, {"retryDelay": "15s"}), Kind.USED_UP),
    ("google", 429, google(429, "RESOURCE_EXHAUSTED", OVER_QUOTA, MINUTELY, {"retryDelay": "15s"}),
     Kind.RATE_LIMITED),
    ("google", 429, google(429, "RESOURCE_EXHAUSTED", f"{OVER_QUOTA}\n* Quota exceeded for metric: x, limit: 0",
                           MINUTELY), Kind.USED_UP),
    ("google", 503, google(503, "UNAVAILABLE", "The model is overloaded. Please try again later."), Kind.OVERLOADED),
    ("google, in the stream", 200, google(503, "UNAVAILABLE", "The model is overloaded."), Kind.OVERLOADED),
    ("google", 500, google(500, "INTERNAL", "An internal error has occurred."), Kind.BROKEN),
    ("google", 504, google(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
     Kind.BROKEN),
    ("google", 400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.",
                           {"reason": "API_KEY_INVALID"}), Kind.WRONG_KEY),
    ("google", 400, google(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.",
                           {"reason": "API_KEY_INVALID"}), Kind.WRONG_KEY),
    ("google", 403, google(403, "PERMISSION_DENIED", "Your API key doesn't have the required permissions."),
     Kind.NOT_ALLOWED),
    ("google", 404, google(404, "NOT_FOUND", "models/gemini-99 is not found for API version v1beta, or is not "
                           "supported for generateContent."), Kind.NO_SUCH_MODEL),
    ("google", 400, google(400, "FAILED_PRECONDITION", "Gemini API free tier is not available in your country. Please "
                           "enable billing on your project in Google AI Studio."), Kind.USED_UP),
    # DeepSeek
    ("deepseek", 402, error("Insufficient Balance", type="unknown_error", code="invalid_request_error"),
     Kind.USED_UP),
    ("deepseek", 400, error("This model's maximum context length is 131072 tokens. However, you requested 140000 "
                            "tokens.", type="invalid_request_error", code="invalid_request_error"), Kind.TOO_LONG),
    ("deepseek", 400, error("Content Exists Risk", type="invalid_request_error", code="invalid_request_error"),
     Kind.UNSAFE),
    ("deepseek", 401, error("Authentication Fails, Your api key: ****x is invalid", type="authentication_error",
                            code="invalid_request_error"), Kind.WRONG_KEY),
    ("deepseek", 400, error("Model Not Exist", type="invalid_request_error", code="invalid_request_error"),
     Kind.NO_SUCH_MODEL),
    ("deepseek", 503, error("Service is too busy. We advise users to temporarily switch to alternative LLM API "
                            "service providers.", type="service_unavailable_error"), Kind.OVERLOADED),
    # Z.ai / Zhipu
    ("zhipu", 429, error("\u4f59\u989d\u4e0d\u8db3\u6216\u65e0\u53ef\u7528\u8d44\u6e90\u5305,\u8bf7\u5145\u503c\u3002",
                         code="1113"), Kind.USED_UP),
    ("zhipu", 429, error("Insufficient balance or no resource package. Please recharge.", code="1113"), Kind.USED_UP),
    ("zhipu", 429, error("Usage limit reached for 5 hour. Your limit will reset at 2026-12-01 02:00:00", code="1308"),
     Kind.USED_UP),
    ("zhipu", 429, error("Rate limit reached for requests", code="1302"), Kind.RATE_LIMITED),
    ("zhipu", 429, error("The service may be temporarily overloaded, please try again later", code="1305"),
     Kind.OVERLOADED),
    ("zhipu", 400, error("Prompt exceeds max length", code="1261"), Kind.TOO_LONG),
    ("zhipu", 400, error("System has detected potentially unsafe or sensitive content", code="1301"), Kind.UNSAFE),
    ("zhipu", 400, error("Unknown Model, please check the model code.", code="1211"), Kind.NO_SUCH_MODEL),
    ("zhipu", 401, error("token expired or incorrect", code="401"), Kind.WRONG_KEY),
    ("zhipu", 500, error("Network error, error id: x, please contact customer service", code="1234"), Kind.BROKEN),
    # OpenRouter
    ("openrouter", 402, error("Insufficient credits. Add more using https://openrouter.ai/settings/credits", code=402),
     Kind.USED_UP),
    ("openrouter", 402, error("Prompt tokens limit exceeded: 36163 > 29652. To increase, visit x and upgrade to a "
                              "paid account", code=402), Kind.USED_UP),
    ("openrouter", 429, error("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model "
                              "requests per day", code=429), Kind.USED_UP),
    ("openrouter", 429, error("Provider returned error", code=429, metadata={
        "raw": "m:free is temporarily rate-limited upstream. Please retry shortly", "provider_name": "Chutes"}),
     Kind.RATE_LIMITED),
    ("openrouter", 400, error("This endpoint's maximum context length is 131072 tokens. However, you requested about "
                              "140000 tokens (139000 of text input, 1000 of tool input).", code=400), Kind.TOO_LONG),
    ("openrouter", 400, error("Provider returned error", code=400, metadata={"raw": json.dumps(
        error("Your input exceeds the context window of this model.", code="context_length_exceeded"))}),
     Kind.TOO_LONG),
    ("openrouter", 403, error("Your chosen model requires moderation and your input was flagged", code=403, metadata={
        "reasons": ["violence"], "flagged_input": "my account has insufficient_quota", "provider_name": "OpenAI"}),
     Kind.UNSAFE),
    ("openrouter", 401, error("No auth credentials found", code=401), Kind.WRONG_KEY),
    ("openrouter", 400, error("nobody/nothing is not a valid model ID", code=400), Kind.NO_SUCH_MODEL),
    ("openrouter", 404, error("No endpoints found for nobody/nothing.", code=404), Kind.NO_SUCH_MODEL),
    ("openrouter", 404, error("No endpoints found that support image input", code=404), Kind.OTHER),
    ("openrouter", 502, error("Provider returned error", code=502, metadata={"provider_name": "x"}), Kind.BROKEN),
    ("openrouter", 503, error("There is no available model provider that meets your routing requirements", code=503),
     Kind.OVERLOADED),
    ("openrouter, in the stream", 200, {"code": 502, "message": "Upstream idle timeout exceeded"}, Kind.BROKEN),
    ("openrouter, in the stream", None, {"code": 429, "message": "Rate limit exceeded"}, Kind.RATE_LIMITED),
    # Groq
    ("groq", 413, error(TOO_MANY, type="tokens", code="rate_limit_exceeded"), Kind.TOO_LONG),
    ("groq", 400, error("Please reduce the length of the messages or completion.", type="invalid_request_error",
                        param="messages", code="context_length_exceeded"), Kind.TOO_LONG),
    ("groq", 429, error("Rate limit reached for model `x` in organization `org_1` service tier `on_demand` on tokens "
                        "per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s.",
                        type="tokens", code="rate_limit_exceeded"), Kind.RATE_LIMITED),
    ("groq", 401, error("Invalid API Key", type="invalid_request_error", code="invalid_api_key"), Kind.WRONG_KEY),
    ("groq", 404, error("The model `x` does not exist or you do not have access to it.",
                        type="invalid_request_error", code="model_not_found"), Kind.NO_SUCH_MODEL),
    ("groq", 400, error("The model `x` has been decommissioned and is no longer supported.",
                        type="invalid_request_error", code="model_decommissioned"), Kind.NO_SUCH_MODEL),
    ("groq", 503, error("x is currently over capacity. Please try again and back off exponentially.",
                        type="internal_server_error"), Kind.OVERLOADED),
    ("groq", 400, error("Failed to call a function. Please adjust your prompt.", type="invalid_request_error",
                        code="tool_use_failed"), Kind.OTHER),
    # Mistral
    ("mistral", 429, mistral("Service tier capacity exceeded for this model.", "service_tier_capacity_exceeded",
                             "3505"), Kind.OVERLOADED),
    ("mistral", 429, mistral("Rate limit exceeded", "rate_limited", "1300"), Kind.RATE_LIMITED),
    ("mistral", 400, mistral("Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 "
                             "maximum context length", "invalid_request_prompt", "3051"), Kind.TOO_LONG),
    ("mistral", 401, {"detail": "Unauthorized"}, Kind.WRONG_KEY),
    ("mistral", 400, mistral("Invalid model: x", "invalid_model", "1500"), Kind.NO_SUCH_MODEL),
    ("mistral", 400, mistral("Expected last role User or Tool (or Assistant with prefix True) for serving but got "
                             "assistant", "invalid_request_message_order", "3230"), Kind.OTHER),
    ("mistral", 422, {"detail": [{"type": "extra_forbidden", "loc": ["body", "x"], "msg": "Extra inputs are not "
                                  "permitted"}]}, Kind.OTHER),
    # xAI
    ("xai", 429, {"code": "Some resource has been exhausted", "error": NO_CREDITS}, Kind.USED_UP),
    ("xai", 403, {"code": "permission-denied", "error": NO_CREDITS}, Kind.USED_UP),
    ("xai", 400, {"code": "Client specified an invalid argument", "error": "Incorrect API key provided: xx. You can "
                  "obtain an API key from https://console.x.ai."}, Kind.WRONG_KEY),
    ("xai", 404, {"code": "Some requested entity was not found", "error": "The model x does not exist or your team "
                  "does not have access to it."}, Kind.NO_SUCH_MODEL),
    ("xai", 400, {"code": "Client specified an invalid argument", "error": "This model's maximum prompt length is "
                  "131072 but the request contains 140000 tokens."}, Kind.TOO_LONG),
    ("xai", 403, {"code": "The caller does not have permission", "error": "Content violates usage guidelines. Failed "
                  "check: SAFETY_CHECK_TYPE_BIO"}, Kind.UNSAFE),
    ("xai", 429, {"code": "Some resource has been exhausted", "error": "Too many requests for team 1"},
     Kind.RATE_LIMITED),
    ("xai", 503, {"code": "The service is currently unavailable", "error": "The model is at capacity and currently "
                  "cannot serve this request."}, Kind.OVERLOADED),
    # Hugging Face
    ("huggingface", 402, {"error": "You have exceeded your monthly included credits for Inference Providers."},
     Kind.USED_UP),
    ("huggingface", 400, error("The requested model 'x/y' is not supported by any provider you have enabled.",
                               type="invalid_request_error", param="model", code="model_not_supported"),
     Kind.NO_SUCH_MODEL),
    ("huggingface", 401, {"error": "Invalid username or password."}, Kind.WRONG_KEY),
    ("huggingface", 403, {"error": "This authentication method does not have sufficient permissions to call Inference "
                          "Providers on behalf of user x"}, Kind.NOT_ALLOWED),
    ("huggingface", 429, {"error": {"message": "Model is overloaded", "type": "overloaded"}}, Kind.OVERLOADED),
    # Azure
    ("azure", 400, error(FILTERED, type=None, param="prompt", code="content_filter", status=400,
                         innererror={"code": "ResponsibleAIPolicyViolation"}), Kind.UNSAFE),
    ("azure", 404, error("The API deployment for this resource does not exist.", code="DeploymentNotFound"),
     Kind.NO_SUCH_MODEL),
    ("azure", 429, error("Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your "
                         "current OpenAI S0 pricing tier. Please retry after 6 seconds.", code="429"),
     Kind.RATE_LIMITED),
    ("azure", 401, error("Access denied due to invalid subscription key or wrong API endpoint.", code="401"),
     Kind.WRONG_KEY),
    # GitHub Copilot
    ("copilot", 400, error("prompt token count of 140000 exceeds the limit of 128000",
                           code="model_max_prompt_tokens_exceeded"), Kind.TOO_LONG),
    ("copilot", 400, error("The requested model is not supported.", param="model", code="model_not_supported",
                           type="invalid_request_error"), Kind.NO_SUCH_MODEL),
    ("copilot", 402, error("You have exceeded your premium request allowance.", code="quota_exceeded"), Kind.USED_UP),
    # Ollama
    ("ollama", 404, error('model "x" not found, try pulling it first', type="not_found_error"), Kind.NO_SUCH_MODEL),
    ("ollama", 503, error("server busy, please try again.  maximum pending requests exceeded", type="api_error"),
     Kind.OVERLOADED),
    ("ollama", 400, error("registry.ollama.ai/library/x does not support tools", type="invalid_request_error"),
     Kind.OTHER),
    ("ollama", 400, error("the input length exceeds the context length", type="invalid_request_error"),
     Kind.TOO_LONG),
    ("ollama", 500, error("llama runner process has terminated: exit status 2", type="api_error"), Kind.BROKEN),
    # LM Studio
    ("lmstudio", 400, {"error": "The number of tokens to keep from the initial prompt is greater than the context "
                       "length (n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length."},
     Kind.TOO_LONG),
    ("lmstudio, in the stream", 200, error(N_KEEP), Kind.TOO_LONG),
    ("lmstudio, in the stream", None, N_KEEP, Kind.TOO_LONG),
    ("lmstudio", 404, error("No models loaded. Please load a model in the developer page.",
                            type="invalid_request_error", code="model_not_found"), Kind.NO_SUCH_MODEL),
    # llama.cpp
    ("llamacpp", 400, error("the request exceeds the available context size, try increasing it", code=400,
                            type="exceed_context_size_error", n_prompt_tokens=14429, n_ctx=8192), Kind.TOO_LONG),
    ("llamacpp", 500, error("the request exceeds the available context size. try increasing the context size or "
                            "enable context shift", code=500, type="exceed_context_size_error"), Kind.TOO_LONG),
    ("llamacpp, in the stream", 200, error("the request exceeds the available context size", code=400,
                                           type="exceed_context_size_error"), Kind.TOO_LONG),
    ("llamacpp", 503, error("Loading model", code=503, type="unavailable_error"), Kind.OVERLOADED),
    ("llamacpp", 401, error("Invalid API Key", code=401, type="authentication_error"), Kind.WRONG_KEY),
    # vLLM and whatever stands in front
    ("vllm", 400, {"object": "error", "message": "This model's maximum context length is 8192 tokens. However, you "
                   "requested 9000 tokens.", "type": "BadRequestError", "code": 400}, Kind.TOO_LONG),
    ("vllm", 404, {"object": "error", "message": "The model `x` does not exist.", "type": "NotFoundError",
                   "code": 404}, Kind.NO_SUCH_MODEL),
    ("proxy", 502, "<html><body>502 Bad Gateway</body></html>", Kind.BROKEN),
    ("proxy", 529, "", Kind.OVERLOADED),
    ("proxy", 504, None, Kind.BROKEN),
    ("nobody", None, {"message": "?"}, Kind.OTHER),
    ("nobody", 418, b"\xff", Kind.OTHER),
]  # fmt: skip


@pytest.mark.parametrize(("vendor", "status", "body", "kind"), TABLE, ids=[f"{row[0]}-{row[3].value}" for row in TABLE])
def test_every_vendors_refusals_are_told_apart(vendor, status, body, kind):
    assert kind_of(status, body) is kind
    if isinstance(body, dict):
        assert kind_of(status, json.dumps(body).encode()) is kind, "as it comes"
    if isinstance(body, dict) and isinstance(body.get("error"), dict) and "stream" not in vendor:
        assert kind_of(status, body["error"]) is kind, "without what OpenAI's library takes away"


def test_what_the_user_wrote_is_not_read_as_the_vendors_word():
    body = error("Bad request", param="messages", input="Why is the context_length_exceeded? rate limit, overloaded")
    assert kind_of(400, body) is Kind.OTHER


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_words_of_a_bad_moment_do_not_make_a_refusal_for_good_one_of_the_moment(status):
    assert kind_of(status, error("Invalid value 'overloaded' of rate limit policy")) not in MOMENTARY


def test_what_is_nested_without_end_comes_to_an_end():
    body = {}
    for _ in range(10_000):
        body = {"error": body}
    assert kind_of(500, body) is Kind.BROKEN
    assert kind_of(500, '{"error":' * 100_000) is Kind.BROKEN
