import pytest

from pymolcode_plugin.session.title import About, of_request, read_about, rename, write_about


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("colour chain A red", "Colour chain A red"),
        ("Please show the ligand. Then zoom on it.", "Show the ligand"),
        ("hello, could you measure the gap?", "Could you measure the gap?"),
        ("label this [sele]", "Label this"),
        ("please", "Please"),
        ("   \n\t ", "Untitled"),
        ("[sele]", "Untitled"),
        ("a\u202egnp.exe\nb", "A gnp.exe b"),
        ("word " * 40, "Word word word word word word word word word word word word …"),
        ("x" * 100, "X" + "x" * 63 + " …"),
    ],
)
def test_a_chat_is_called_by_the_first_sentence_of_its_first_request(text, title):
    assert of_request(text) == title


def test_structures_that_the_request_does_not_name_are_said():
    assert of_request("colour by chain", ("1hpv", "4hhb")) == "Colour by chain · 1hpv, 4hhb"
    assert of_request("fetch 1HPV and look", ("1hpv",)) == "Fetch 1HPV and look"


def test_a_new_title_is_kept_on_one_line_and_an_empty_one_is_the_request_again(tmp_path):
    write_about(tmp_path, About(origin="other"))
    assert rename(tmp_path, "  My\n\x00paper  ") == "My paper"
    assert read_about(tmp_path) == About(title="My paper", origin="other")
    assert rename(tmp_path, " ") == ""
    assert read_about(tmp_path).title == ""


@pytest.mark.parametrize("text", ["", "{", '{"title": 7}', '{"titel": "x"}', '{"title": "%s"}' % ("x" * 300)])
def test_what_cannot_be_read_there_says_nothing(tmp_path, text):
    (tmp_path / "about.json").write_text(text)
    assert read_about(tmp_path) == About()
