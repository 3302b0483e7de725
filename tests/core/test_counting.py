import pytest

from pymolcode_plugin.core.counting import counted


@pytest.mark.parametrize(("number", "said"), [(0, "0 atoms"), (1, "1 atom"), (2, "2 atoms"), (1631, "1,631 atoms")])
def test_one_is_one_and_thousands_have_a_comma(number, said):
    assert counted(number, "atom") == said
