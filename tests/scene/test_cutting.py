"""What PyMOL and code print is cut to what can be read, and no secret is cut in the middle: half of one is no word."""

import pytest

from pymolcode_plugin.agent import door
from pymolcode_plugin.masking import MASK, hide
from pymolcode_plugin.scene import command_text, console, listening

SECRET = "canary/of+a=key-0123456789"
CUTS = {
    "a line": (command_text._MAX_CHARS, lambda text: command_text.bounded([text])[0]),
    "a value": (console._MAX_VALUE, console._shown),
    "a line of an error": (listening._MAX_ERROR_CHARS, listening.cut),
    "the first line of a long error": (listening._MAX_ERROR_CHARS, lambda text: listening.cut(text + "\nx" * 100)),
    "an endless line": (listening._MAX_LINE_CHARS, lambda text: listening.Heard(printed=[text]).lines()[0]),
    "an argument": (door._MAX_SHOWN, door._cut),
}


@pytest.mark.parametrize("what", CUTS)
def test_a_secret_that_stands_where_a_text_is_cut_is_gone_as_a_whole(what):
    hide(SECRET)
    limit, cut = CUTS[what]
    text = cut("x" * (limit - 15) + SECRET + " end" * 100)
    assert "canary" not in text
    assert text.startswith("x" * (limit - 15) + MASK)


@pytest.mark.parametrize("what", CUTS)
def test_what_is_short_enough_stays(what):
    _limit, cut = CUTS[what]
    assert cut("as it was").startswith("as it was")
