import pytest

from pymolcode_plugin.gui.slash import SlashCommand, SlashCommands


@pytest.fixture
def commands():
    found = SlashCommands()
    for name, argument in (("new", ""), ("mode", "[ask|auto]"), ("model", "")):
        found.add(SlashCommand(name, f"does {name}", lambda _rest: None, argument))
    return found


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("/new", ("new", "")),
        (" /mode  auto \n", ("mode", "auto")),
        ("/ask why\nis it red", ("ask", "why\nis it red")),
        ("/home/ada/1hpv.pdb", None),
        ("/ what", None),
        ("show /new", None),
        ("1/2", None),
        ("/1hpv", None),
    ],
)
def test_only_a_word_after_a_slash_at_the_beginning_is_a_command(commands, text, parsed):
    assert commands.parsed(text) == parsed


def test_a_beginning_is_enough_where_it_is_the_only_one(commands):
    assert commands.find("n").name == "new"
    assert commands.find("mod") is None
    assert commands.find("mode").name == "mode", "whole, although another begins so"
    assert commands.find("nothing") is None
    assert [command.name for command in commands.matching("mod")] == ["mode", "model"]


def test_the_help_says_what_may_follow(commands):
    assert commands.help().splitlines() == ["/new: does new", "/mode [ask|auto]: does mode", "/model: does model"]


def test_a_known_command_is_one_however_it_is_written_and_a_folder_is_none(commands):
    assert commands.parsed("/New") == ("new", "")
    assert commands.parsed("/MODE auto") == ("mode", "auto")
    assert commands.parsed("/Users is where my files are") is None


def test_an_unknown_one_is_told_with_what_was_probably_meant(commands):
    assert commands.unknown("modle") == "There is no command /modle. Is /mode or /model meant? /help lists them."
    assert commands.unknown("mo") == "There is no command /mo. Is /mode or /model meant? /help lists them."
    assert commands.unknown("nonsense") == "There is no command /nonsense. /help lists them."
