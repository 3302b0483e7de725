import pytest

from pymolcode_plugin.gui.exporting import wanted

EVERYTHING = ("pml", "py", "ipynb", "md", "html", "methods")


@pytest.mark.parametrize(
    ("rest", "kinds", "folder"),
    [
        ("", EVERYTHING, ""),
        ("all", EVERYTHING, ""),
        ("pml", ("pml",), ""),
        ("html ~/my figures", ("html",), "~/my figures"),
        ("all /tmp/x", EVERYTHING, "/tmp/x"),
        ("/tmp/pml files", EVERYTHING, "/tmp/pml files"),
        ("./pml", EVERYTHING, "./pml"),
    ],
)
def test_a_kind_and_a_folder_may_be_named_and_neither_must_be(rest, kinds, folder):
    assert wanted(rest) == (kinds, folder)
