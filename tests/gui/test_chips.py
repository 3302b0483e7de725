import pytest

from pymolcode_plugin.core.attachments import Picture

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def chips(qt_application):
    from pymolcode_plugin.gui.chips import Chips

    made = Chips()
    made.resize(300, 40)
    return made


def picture():
    from pymolcode_plugin.gui import pictures
    from pymolcode_plugin.gui.qt import QtGui

    image = QtGui.QImage(40, 20, QtGui.QImage.Format.Format_RGB32)
    image.fill(QtGui.QColor("teal"))
    return pictures.of_image(image, "picture")


def test_everything_attached_is_taken_once_in_order(chips):
    chips.add("site")
    chips.add_picture(picture(), "withheld")
    chips.add("site")
    chips.add("/1hpv//A", "chain A")
    chips.add_file("/data/table.csv")
    chips.add_picture(picture())
    attached = chips.take()
    assert attached.selections == ("site", "/1hpv//A")
    assert [item.name for item in attached.images] == ["picture", "picture 2"], "told apart by their names"
    assert attached.files == ("/data/table.csv",)
    assert chips.take() == ((), (), ())
    assert chips.isHidden()


def test_a_chip_says_what_it_is_and_a_click_takes_it_off(chips):
    chips.add("/1hpv//A", "chain A")
    chips.add_picture(picture(), "It is withheld.")
    chips.add_file("/data/a&b.csv")
    chain, image, file = chips.buttons()
    assert chain.text() == "chain A  ×"
    assert chain.toolTip().startswith("/1hpv//A\n")
    assert not image.icon().isNull()
    assert "It is withheld." in image.toolTip()
    assert file.text() == "a&&b.csv  ×"
    assert file.accessibleName() == "Attached file a&b.csv, press to remove"
    image.click()
    assert chips.attached.images == ()
    assert len(chips.buttons()) == 2


def test_many_chips_go_on_in_the_next_line_and_none_is_wider_than_the_panel(chips):
    for number in range(12):
        chips.add(f"selection_{number}")
    one_line = chips.buttons()[0].sizeHint().height()
    assert chips.heightForWidth(300) >= 3 * one_line
    assert chips.heightForWidth(5_000) == one_line
    chips.show()
    chips.resize(300, chips.heightForWidth(300))
    chips.layout().setGeometry(chips.rect())
    assert max(button.geometry().right() for button in chips.buttons()) < 300
    chips.hide()


def test_what_was_edited_back_is_attached_again(chips):
    chips.add("site")
    chips.add_picture(picture())
    before = chips.take()
    chips.put(before)
    assert chips.attached == before


def test_a_picture_does_not_show_its_bytes_where_it_is_printed():
    assert "secret" not in repr(Picture(name="x", data=b"secret"))


def test_a_selection_that_is_put_back_has_the_words_it_had(chips):
    chips.add("/1hpv//A", "chain A")
    attached = chips.take()
    chips.put(attached)
    assert [chip.text() for chip in chips.buttons()] == ["chain A  ×"]
