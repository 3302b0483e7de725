import pytest

from pymolcode_plugin.gui import pictures

pytestmark = pytest.mark.usefixtures("qt_application")


def image(width, height, *, noise=False, transparent=False):
    from pymolcode_plugin.gui.qt import QtGui

    formats = QtGui.QImage.Format
    if noise:
        import random

        data = random.Random(1).randbytes(width * height * 4)
        return QtGui.QImage(data, width, height, formats.Format_ARGB32).copy()
    made = QtGui.QImage(width, height, formats.Format_ARGB32)
    made.fill(QtGui.QColor(0, 0, 0, 0) if transparent else QtGui.QColor("teal"))
    return made


def test_a_large_picture_is_made_small_and_keeps_its_shape():
    picture = pictures.of_image(image(4000, 1000), "x")
    assert (picture.width_px, picture.height_px, picture.media_type) == (1568, 392, "image/png")
    assert picture.data.startswith(b"\x89PNG")
    assert picture.title == "x (1568 × 392)"


def test_a_small_one_stays_as_it_is():
    assert pictures.of_image(image(30, 20), "x").width_px == 30


def test_what_would_be_megabytes_as_png_is_a_jpeg_on_white():
    picture = pictures.of_image(image(1200, 1200, noise=True), "photo")
    assert picture.media_type == "image/jpeg"
    assert picture.data.startswith(b"\xff\xd8")
    from pymolcode_plugin.gui.qt import QtGui

    white = pictures._on_white(image(4, 4, transparent=True))
    assert white.pixelColor(1, 1) == QtGui.QColor("white")


def test_a_file_is_read_small_at_once(tmp_path):
    image(5000, 4000).save(str(tmp_path / "poster.png"))
    picture = pictures.of_file(str(tmp_path / "poster.png"))
    assert (picture.name, picture.width_px, picture.height_px) == ("poster.png", 1568, 1254)


@pytest.mark.parametrize(
    ("content", "words"), [(None, "No such file"), (b"", "no picture"), (b"\x89PNG but no", "no picture")]
)
def test_what_is_no_picture_is_said(tmp_path, content, words):
    path = tmp_path / "x.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(pictures.Unreadable, match=words):
        pictures.of_file(str(path))


def test_a_file_that_is_far_too_large_is_not_even_read(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "_MAX_FILE_BYTES", 10)
    (tmp_path / "x.png").write_bytes(b"x" * 11)
    with pytest.raises(pictures.Unreadable, match="too large"):
        pictures.of_file(str(tmp_path / "x.png"))
