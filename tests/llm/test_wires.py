import asyncio
import importlib.metadata

import pytest

from pymolcode_plugin.core.errors import ConfigError, Rejected

from . import wires

OLD = tuple(map(int, importlib.metadata.version("pydantic-ai-slim").split(".")[:2])) < (2, 58)
pytestmark = [
    pytest.mark.conformance,
    # The emulator ends Gemini's tool calls with a reason that Google does not have.
    pytest.mark.filterwarnings("ignore:FUNCTION_CALL is not a valid FinishReason"),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with wires.emulator(tmp_path_factory.mktemp("aimock")) as server:
        yield server.url


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """The same, wanting a key."""
    with wires.emulator(tmp_path_factory.mktemp("aimock"), AIMOCK_API_KEYS=wires.KEY) as server:
        yield server.url


@pytest.mark.parametrize(
    ("row", "case"),
    [(row, case) for row in wires.ROWS for case in wires.cases(row)],
    ids=lambda value: getattr(value, "name", getattr(value, "__name__", "")),
)
async def test_every_provider_does_what_it_must(row, case, url):
    if row.provider == "openrouter" and case is wires.thinking and OLD:
        pytest.skip("older pydantic-ai reads `reasoning_details`, which OpenRouter sends and the emulator does not")
    await case(row, url)


@pytest.mark.parametrize("row", wires.ROWS, ids=lambda row: row.name)
async def test_the_right_key_is_taken_and_a_wrong_one_is_refused_and_not_repeated(row, guarded):
    assert (await wires.ask(row, guarded, f"text {row.name}.")).text == "Chain A is red."
    error = await wires.refusal(wires.ask(row, guarded, f"text {row.name}.", key="wrong-canary-9876543210"))
    assert isinstance(error, Rejected)
    assert error.status == 401
    assert "named by a test" in error.hint
    assert "canary" not in f"{error.message} {error!r}"


async def test_a_model_of_openrouter_without_its_vendor_is_said():
    row = next(row for row in wires.ROWS if row.provider == "openrouter")
    choice = row.choice("http://127.0.0.1:1").model_copy(update={"name": "gpt"})
    from pymolcode_plugin.llm.build import build

    with pytest.raises(ConfigError, match="no model `gpt`"):
        await asyncio.to_thread(build, choice, wires.Wire())
