import pytest

from pymolcode_plugin.session.index import Index
from pymolcode_plugin.session.search import search
from pymolcode_plugin.session.title import rename

from .chats import chat


@pytest.fixture
def find(tmp_path):
    root = tmp_path / "sessions"
    chat(root, "salt", "Is there a salt bridge?", answer='Yes: "Asp25" to Arg8, 2.9 Å.', diff="added 1hpv (9 atoms)")
    chat(root, "paper", "Make a figure", answer="Größe wie gewünscht.")
    rename(root / "paper", "Figure 3 of the paper")
    sessions = Index(root, tmp_path / "cache.json").sessions()

    def find(query, **more):
        return {found.session.folder: found.snippet for found in search(root, sessions, query, **more)}

    return find


def test_titles_and_structures_are_searched(find):
    assert find("FIGURE paper") == {"paper": ""}
    assert find("1HPV") == {"salt": ""}


def test_the_whole_text_is_searched_and_where_it_says_so_is_shown(find):
    assert find("asp25") == {"salt": 'Yes: "Asp25" to Arg8, 2.9 Å.'}
    assert find('"asp25"') == {"salt": 'Yes: "Asp25" to Arg8, 2.9 Å.'}
    assert find("GRÖSSE") == find("größe") == {"paper": "Größe wie gewünscht."}
    assert find("chain_q").keys() == {"salt", "paper"}, "in the commands of steps"


def test_every_word_must_occur(find):
    assert find("salt arg8").keys() == {"salt"}
    assert find("salt gewünscht") == {}
    assert find("").keys() == {"salt", "paper"}


def test_what_only_the_format_says_is_not_found(find):
    assert find("turn_started") == {}
    assert find("duration_s") == {}


def test_a_search_can_be_stopped(find):
    assert find("arg8", stop=lambda: True) == {}
