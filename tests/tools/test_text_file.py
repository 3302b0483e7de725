import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.core.errors import ToolFailed
from pymolcode_plugin.tools.text_file import TextFile

encodings = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])


def back(file):
    return file.written(file.lines, file.endings)


@given(st.binary(max_size=80).filter(lambda data: b"\x00" not in data))
def test_every_file_without_nul_comes_back_byte_for_byte(data):
    try:
        file = TextFile.read(data)
    except ToolFailed:
        return  # UTF-16 with a NUL character in it
    assert back(file) == data


@given(st.text(st.sampled_from("aé\n\r\t "), max_size=40), encodings)
def test_every_text_comes_back_in_its_own_encoding(text, encoding):
    data = text.encode(encoding)
    file = TextFile.read(data)
    assert back(file) == data
    assert "\n" not in "".join(file.lines)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a\r\nb\r\n", b"a\r\nnew\r\nb\r\n"),
        (b"a\r\nb", b"a\r\nnew\r\nb"),
        (b"a\nb\r\nc\n", b"a\nnew\nb\r\nc\n"),
        (b"a", b"a\nnew"),
        (b"", b"new\n"),
    ],
)
def test_a_new_line_ends_as_the_others_do(data, expected):
    file = TextFile.read(data)
    lines = [*file.lines[:1], "new", *file.lines[1:]]
    endings = [*file.endings[:1], None, *file.endings[1:]]
    assert file.written(lines, [ending or None for ending in endings]) == expected


def test_what_is_no_text_is_refused_and_so_is_a_letter_the_encoding_has_not():
    with pytest.raises(ToolFailed, match="no text file"):
        TextFile.read(b"\x89PNG\x00\x00")
    file = TextFile.read(b"caf\xe9 noir\xff\n")
    assert file.encoding == "latin-1"
    with pytest.raises(ToolFailed, match="cannot hold `→`"):
        file.written(["turn → x"], [None])
