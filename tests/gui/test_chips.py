import pytest

from .test_sign_in_dialog import heard

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def chips():
    from pymolcode_plugin.gui.chips import SelectionChips

    return SelectionChips()


def test_a_chip_shows_words_and_keeps_the_exact_expression_in_its_tooltip(chips):
    chips.add("/1hpv//A/ASP`25", "1hpv/A/ASP`25")
    chip = chips._chips["/1hpv//A/ASP`25"]
    assert chip.text() == "1hpv/A/ASP`25  ×"
    assert chip.toolTip().splitlines()[0] == "/1hpv//A/ASP`25"
    assert chip.accessibleName() == "Attached selection 1hpv/A/ASP`25, press to remove"
    assert chips.take() == ("/1hpv//A/ASP`25",)


def test_a_name_is_its_own_label_and_is_there_once(chips):
    changed = heard(chips.changed)
    chips.add("sele")
    chips.add("sele", "the same")
    assert chips._chips["sele"].text() == "sele  ×"
    assert "sele" not in chips._chips["sele"].toolTip()
    assert len(changed) == 1
    chips._chips["sele"].click()
    assert chips.names == ()
