import json

import pytest
from pydantic_ai import BinaryContent
from pydantic_ai.messages import (
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from pymolcode_plugin.agent import history_file

KEY = "sk-abcdefghijklmnop123456"
LOOKS_LIKE_A_KEY = f"AAAA {KEY}"


def history():
    # base64 of these bytes has a piece that looks like a key
    picture = BinaryContent(b"\x89PNG" + bytes(range(256)) * 20, media_type="image/png")
    return [
        ModelRequest(parts=[UserPromptPart(content=["look", picture])]),
        ModelResponse(
            parts=[
                ThinkingPart(content="hm", signature=KEY),
                TextPart(content="I do."),
                ToolCallPart(tool_name="run_pymol", args={"commands": "zoom"}, tool_call_id="c1"),
            ]
        ),
        ModelRequest(parts=[ToolReturnPart(tool_name="run_pymol", content="done", tool_call_id="c1")]),
    ]


def test_what_was_remembered_is_read_back_pictures_and_signatures_included():
    data = history_file.written(history())
    found = history_file.read(data)
    assert history_file.written(found) == data
    assert found[0].parts[0].content[1].data == b"\x89PNG" + bytes(range(256)) * 20
    assert found[1].parts[0].signature == KEY
    assert found[1].parts[2].args == {"commands": "zoom"}


def test_keys_in_texts_and_arguments_are_taken_out():
    messages = [
        ModelRequest(parts=[UserPromptPart(content=LOOKS_LIKE_A_KEY)]),
        ModelResponse(parts=[ToolCallPart(tool_name="x", args={"data": KEY, "id": KEY}, tool_call_id="c")]),
    ]
    assert KEY.encode() not in history_file.written(messages)


def test_half_characters_do_not_keep_it_from_being_written():
    data = history_file.written([ModelResponse(parts=[TextPart(content="a\ud800b")])])
    assert "a" in history_file.read(data)[0].parts[0].content


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"profile": "compact"}', b'{"profile": "full", "messages": [7]}'])
def test_what_is_no_memory_of_this_kind_is_none(data):
    assert history_file.read(data) is None


def test_the_file_says_whose_it_is():
    assert json.loads(history_file.written([]))["profile"] == "full"
