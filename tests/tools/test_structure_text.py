import gzip

import pytest

from pymolcode_plugin.tools.structure_text import entries, title


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.cif", "data_a\n_struct.entry_id a\n_struct.title 'It''s a title'\n", "It''s a title"),
        ("a.cif", 'data_a\n_struct.title "A 5\' end"\n', "A 5' end"),
        ("a.cif", "data_a\n_struct.title\n;A title\nof two lines\n;\n_x.y 1\n", "A title of two lines"),
        ("a.cif", "data_a\n_struct.title\n'On the next line'\n", "On the next line"),
        ("a.cif", "data_a\n_struct.title ?\n", ""),
        ("a.cif", "data_a\n_struct.title Lysozyme\n", "Lysozyme"),
        ("a.cif", "data_a\n_structure.title X\n", ""),
        (
            "a.pdb",
            "HEADER    X\nTITLE     THE FIRST\nTITLE    2 AND THE SECOND\nATOM  \nTITLE     NOT\n",
            "THE FIRST AND THE SECOND",
        ),
        ("a.pdb", "ATOM  \n", ""),
        ("a.sdf", "TITLE     X\n", ""),
        ("a.pdb", "TITLE     " + "X" * 60 + "\n" + "TITLE    2" + "Y" * 400 + "\n", "X" * 60 + " " + "Y" * 70),
    ],
)
def test_a_title_is_read_in_one_bounded_line(tmp_path, name, text, expected):
    path = tmp_path / name
    path.write_text(text)
    assert title(path) == expected
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert title(packed) == expected


def test_what_cannot_be_read_has_no_title(tmp_path):
    (tmp_path / "x.pdb.gz").write_bytes(b"not packed")
    assert title(tmp_path / "x.pdb.gz") == ""
    assert title(tmp_path / "gone.pdb") == ""
    assert entries(tmp_path / "x.pdb.gz") == entries(tmp_path / "gone.pdb") == ()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.cif", "data_one\n_x 1\nDATA_two\n", ("one", "two")),
        ("a.cif", "data_one\n_x\n;\ndata_no\n;\n", ()),
        ("a.pdb", "HEADER".ljust(62) + "1ABC\nATOM\nEND\n" + "HEADER".ljust(62) + "2ABC\n", ("1ABC", "2ABC")),
        ("a.pdb", "ATOM\n", ()),
        ("a.sdf", "data_one\ndata_two\n", ()),
    ],
)
def test_entries_of_a_file_of_several_are_named(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text)
    assert entries(tmp_path / name) == expected
