import os
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.config import env_file
from pymolcode_plugin.core.errors import ConfigError

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1", {"A": "1"}),
        ("export A=1", {"A": "1"}),
        ("# a comment\n\n  A = 1 2  # and another\n", {"A": "1 2"}),
        ("A='$HOME \"x\"'", {"A": '$HOME "x"'}),
        ('A="a\\n\\"b\\" \\$C"  # c', {"A": 'a\n"b" $C'}),
        ("A=$HOME/${HOME}", {"A": "$HOME/${HOME}"}),
        ("A=a#b", {"A": "a#b"}),
        ("A=", {"A": ""}),
        ("A=# nothing", {"A": ""}),
        ("A=1\nA=2", {"A": "2"}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=`id`", {"A": "`id`"}),
    ],
)
def test_lines_of_name_and_value_are_read_as_they_are_written(tmp_path, text, found):
    path = tmp_path / "mine.env"
    path.write_bytes(text.encode())
    assert env_file.read(path) == found
    assert "A" not in os.environ


@pytest.mark.parametrize("text", ["A", "=1", "1A=x", "A='open", 'A="open', "A='x' canary", "A B=1"])
def test_a_line_that_makes_no_sense_is_named_and_not_repeated(tmp_path, text):
    path = tmp_path / "mine.env"
    path.write_text(f"OK=canary\n{text}\n")
    with pytest.raises(ConfigError, match="Line 2") as error:
        env_file.read(path)
    assert "canary" not in error.value.message
    assert error.value.__cause__ is None


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_bytes(b"\xff=1")]
)
def test_a_file_that_cannot_be_read_is_said_with_the_setting_that_names_it(tmp_path, make):
    make(tmp_path / "mine.env")
    with pytest.raises(ConfigError, match=r"mine\.env cannot be read") as error:
        env_file.read(tmp_path / "mine.env")
    assert "env_file" in error.value.hint


@given(
    st.text(
        st.sampled_from(string.printable.replace("\r", "").replace("\x0b", "").replace("\x0c", "").replace("\n", ""))
    )
)
def test_any_value_comes_back_from_double_quotes(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("env") / "mine.env"
    written = value.replace("\\", "\\\\").replace('"', '\\"')
    path.write_text(f'A="{written}"\n')
    assert env_file.read(path) == {"A": value}
