import pytest

from .test_cards import picture

pytestmark = pytest.mark.usefixtures("qt_application")


@pytest.fixture
def window():
    from pymolcode_plugin.gui.picture import PictureWindow

    made = PictureWindow(picture(), "Look")
    made.show()
    yield made
    made.close()


def test_a_picture_is_written_as_it_came_or_as_what_the_name_says(window, tmp_path):
    assert window.write(str(tmp_path / "a.png"))
    assert (tmp_path / "a.png").read_bytes() == picture()
    assert window.write(str(tmp_path / "b"))
    assert (tmp_path / "b.png").read_bytes() == picture()
    assert window.write(str(tmp_path / "c.jpg"))
    assert (tmp_path / "c.jpg").read_bytes()[:2] == b"\xff\xd8"
    assert window.said.text() == "Saved as c.jpg."


@pytest.mark.parametrize("name", ["no/such/folder/a.png", "a.nothing"])
def test_what_cannot_be_written_is_said(window, tmp_path, name):
    assert not window.write(str(tmp_path / name))
    assert window.said.text().startswith("Not saved:")
    assert not window.write(""), "the dialog was cancelled"


def test_the_picture_fills_the_window_but_is_never_blown_up(window):
    window.resize(window.minimumSizeHint())
    assert window.picture.pixmap().width() <= window.picture.width() < 320
    window.resize(900, 900)
    assert window.picture.pixmap().width() == 320


def test_what_is_no_picture_is_said():
    from pymolcode_plugin.gui.picture import PictureWindow

    broken = PictureWindow(b"nothing", "Look")
    broken.show()
    assert broken.picture.text() == "This picture cannot be read."
    broken.close()
