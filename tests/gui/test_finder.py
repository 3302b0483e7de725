from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui.finder import Finder, Match


class Row:
    def __init__(self, text):
        self.text, self.n_made = text, 0

    def searched(self):
        self.n_made += 1
        return self.text.replace("*", "")

    def roughly(self):
        return self.text


TEXTS = st.lists(st.text("abA *.", max_size=12), max_size=12)


@given(TEXTS, st.text("abA .", min_size=1, max_size=3), st.integers(0, 12))
def test_every_place_is_found_once_whatever_row_it_begins_with(texts, words, first):
    rows = [Row(text) for text in texts]
    finder = Finder(rows, words, first)
    n_looks = 0
    while not finder.is_done:
        finder.look(0)
        n_looks += 1
    assert n_looks <= len(texts)
    wanted = []
    for number, text in enumerate(text.replace("*", "").lower() for text in texts):
        at = text.find(words.lower())
        while at >= 0:
            wanted.append(Match(number, at, len(words)))
            at = text.find(words.lower(), at + len(words))
    assert finder.matches == wanted
    if wanted:
        after = [match for match in wanted if match.number >= min(first, len(texts))]
        assert finder.first == (after or wanted)[0]


def test_the_text_of_rows_without_its_letters_is_never_made():
    rows = [Row("**chain** A"), Row("nothing")]
    finder = Finder(rows, "chain a")
    finder.look(1)
    assert [match.number for match in finder.matches] == [0]
    assert [row.n_made for row in rows] == [1, 0]


def test_no_words_find_nothing():
    assert Finder([Row("a")], "").is_done
